#pragma once

#include <QByteArray>

namespace delta::telemetry {

/// Masks what looks like a credential: `sk-…` and other known key forms, tokens after `Bearer` and
/// `Basic`, and values after names such as `api_key` or `password`. The last line of defence before
/// a sink, not a licence to log such texts. Returns the text itself if there is nothing to mask.
[[nodiscard]] QByteArray scrubbed(const QByteArray &text);

} // namespace delta::telemetry

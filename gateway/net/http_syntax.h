#pragma once

#include <QByteArrayView>

namespace delta::net {

// The character sets of RFC 9110, section 5. Each answers for a whole text; all are true for "".

/// Only characters of a token: methods and field names.
[[nodiscard]] bool hasOnlyTokenBytes(QByteArrayView text);
/// Only what a field value may hold: no control characters but the tab.
[[nodiscard]] bool hasOnlyValueBytes(QByteArrayView text);
/// Only visible ASCII: request targets and hosts.
[[nodiscard]] bool hasOnlyVisibleBytes(QByteArrayView text);

} // namespace delta::net

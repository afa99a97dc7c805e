#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace delta::content {

/// Returns a text of UTF-8 with `[REDACTED:kind]` in the place of credentials, e-mail addresses, telephone, card and
/// account numbers, social security numbers of the USA and inline media. What kind is what stands in secret_shapes.h and
/// personal_shapes.h. Takes a time in proportion to the text's length, whatever is in it.
[[nodiscard]] QByteArray redactedText(QByteArrayView text);

} // namespace delta::content

#pragma once

#include <QByteArray>

namespace delta::store {

/// Longest text that the store keeps of a call, in bytes.
inline constexpr qsizetype maxTextBytes = 256;

/// Returns the text as the database can hold it: valid UTF-8 without NUL, at most maxTextBytes
/// long. What is wrong becomes U+FFFD; a text that is too long loses its end. A good text is
/// returned as it is.
[[nodiscard]] QByteArray cleanText(const QByteArray &text);

} // namespace delta::store

#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace delta::content {

/// Returns how long a string of JSON is, both quotes included, that begins the text; nothing if it does not end, or has a
/// byte in it that must be escaped.
[[nodiscard]] std::optional<qsizetype> stringLength(QByteArrayView text);

/// Returns what a string means, given without its quotes: UTF-8, with a replacement character for half a pair.
/// Nothing if one of its escapes is none.
[[nodiscard]] std::optional<QByteArray> unescaped(QByteArrayView inner);

/// Returns a string of JSON for a text of UTF-8, with its quotes.
[[nodiscard]] QByteArray quoted(QByteArrayView text);

} // namespace delta::content

#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>
#include <limits>

/// \file What the scanners of texts have in common. All of them look at bytes of UTF-8, and what they look for is ASCII.

namespace delta::content {

/// What stands at a place of a text. A length of zero: nothing that must go.
struct Found {
    qsizetype keep = 0;   ///< Bytes that stay, such as the name in front of a password.
    qsizetype length = 0; ///< Bytes behind these that go.
    QByteArrayView kind{};
    QByteArray detail{}; ///< For people, such as a size; mostly empty.

    [[nodiscard]] bool isSomething() const
    {
        return length > 0;
    }
};

/// Returns what is written in the place of what goes.
[[nodiscard]] inline QByteArray markOf(QByteArrayView kind, QByteArrayView detail = {})
{
    QByteArray mark = "[REDACTED:" + kind.toByteArray();
    if (!detail.isEmpty()) {
        mark += ' ' + detail.toByteArray();
    }
    return mark + ']';
}

[[nodiscard]] constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr bool isLetter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

[[nodiscard]] constexpr bool isLetterOrDigit(char c)
{
    return isDigit(c) || isLetter(c);
}

[[nodiscard]] constexpr bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

[[nodiscard]] constexpr bool isBase64(char c)
{
    return isLetterOrDigit(c) || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
}

/// Returns how many bytes at the begin of a text are wanted, but no more than `most`.
template <typename Predicate>
[[nodiscard]] qsizetype countWhile(QByteArrayView text, Predicate isWanted,
                                   qsizetype most = std::numeric_limits<qsizetype>::max())
{
    const QByteArrayView head = text.first(std::min(most, text.size()));
    return std::ranges::find_if_not(head, isWanted) - head.begin();
}

[[nodiscard]] inline bool beginsWith(QByteArrayView text, QByteArrayView word)
{
    return text.size() >= word.size()
        && text.first(word.size()).compare(word, Qt::CaseInsensitive) == 0;
}

} // namespace delta::content

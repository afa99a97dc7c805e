#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <vector>

namespace delta::openai {

/// The kinds of JSON values, as bits, so that a set of them is their sum.
enum class JsonType : std::uint8_t {
    Null = 1,
    Boolean = 2,
    Number = 4,
    String = 8,
    Array = 16,
    Object = 32,
};

/// A set of JsonType.
using JsonTypes = std::uint8_t;

[[nodiscard]] constexpr JsonTypes operator|(JsonType a, JsonType b)
{
    return static_cast<JsonTypes>(static_cast<JsonTypes>(a) | static_cast<JsonTypes>(b));
}
[[nodiscard]] constexpr JsonTypes operator|(JsonTypes a, JsonType b)
{
    return static_cast<JsonTypes>(a | static_cast<JsonTypes>(b));
}
[[nodiscard]] constexpr bool contains(JsonTypes set, JsonType type)
{
    return (set & static_cast<JsonTypes>(type)) != 0;
}

/// A range of bytes of a body.
struct JsonSpan {
    qsizetype begin = 0;
    qsizetype end = 0;
    [[nodiscard]] QByteArrayView of(QByteArrayView body) const
    {
        return body.sliced(begin, end - begin);
    }
};

/// A member of a body's outermost object.
struct JsonMember {
    QByteArray key; ///< Unescaped, so that "mod\u0065l" is "model".
    JsonType type = JsonType::Null;
    /// The value's bytes, quotes included; of a container only `begin` holds.
    JsonSpan value;
    JsonTypes elementTypes = 0; ///< Of an array: the kinds of its direct elements.
    qsizetype elementCount = 0; ///< Of an array.
    /// Bytes of all strings in the value, names and inline media left out.
    qsizetype textBytes = 0;
    qsizetype numberCount = 0; ///< Numbers in the value's arrays.
    qsizetype mediaBytes = 0;  ///< Bytes of inline media in the value; files are not among them.
    qsizetype mediaParts = 0;  ///< Images, sounds and files in it, inline or by their address.
    bool hasAudio = false;     ///< Some of them are sounds.
};

/// A body that was checked as a whole: well-formed JSON in valid UTF-8, an object outside, at most
/// 64 levels deep, no name twice in any object. Numbers are checked for form only and never
/// converted.
class JsonDocument
{
public:
    static constexpr int maxDepth = 64;

    /// Checks a body. Fast if its capacity reaches ports::bodyPadding beyond its size; copied if
    /// not.
    /// Errors: InvalidRequest with the path of the field in `param` and the byte offset in the
    /// message.
    [[nodiscard]] static Result<JsonDocument> check(const QByteArray &body);

    [[nodiscard]] const std::vector<JsonMember> &members() const
    {
        return m_members;
    }
    /// Returns the member of that name, or null.
    [[nodiscard]] const JsonMember *find(QByteArrayView key) const;
    /// Returns the bytes of a member's value, of a container too. `body` is the one that was
    /// checked.
    [[nodiscard]] static JsonSpan wholeValue(QByteArrayView body, const JsonMember &member);
    /// Returns where the closing brace of the outermost object stands.
    [[nodiscard]] qsizetype closingBrace() const
    {
        return m_closingBrace;
    }

private:
    std::vector<JsonMember> m_members;
    qsizetype m_closingBrace = 0;
};

/// Returns the text of a JSON string, given with its quotes, with its escapes resolved.
/// The string must be part of a checked document; with a lone surrogate in it the escapes stay.
[[nodiscard]] QByteArray unescaped(QByteArrayView quoted);

/// Returns the text as a JSON string with quotes.
[[nodiscard]] QByteArray jsonString(QByteArrayView text);

} // namespace delta::openai

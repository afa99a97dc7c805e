#include "gateway/content/json_redaction.h"

#include "gateway/content/json_strings.h"
#include "gateway/content/personal_shapes.h"
#include "gateway/content/secret_shapes.h"
#include "gateway/content/text_redaction.h"

#include <QString>

#include <algorithm>
#include <utility>

namespace delta::content {

using namespace Qt::StringLiterals;

namespace {

/// Longer texts of nothing but base64 are media.
constexpr qsizetype shortestMedia = 256;

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool isOfNumber(char c)
{
    return isDigit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/// The slash may be escaped.
bool isMedia(QByteArrayView inner)
{
    return inner.size() >= shortestMedia
        && countWhile(inner, [](char c) { return isBase64(c) || c == '\\'; }) == inner.size();
}

/// Walks through the tokens of JSON once. It need not know how they are nested.
class JsonWalk
{
public:
    JsonWalk(QByteArrayView json, qsizetype maxBytes)
        : m_json(json)
        , m_maxBytes(maxBytes)
    {
        m_out.reserve(std::min(json.size(), maxBytes) + 1);
    }

    [[nodiscard]] Result<RedactedJson> run()
    {
        while (m_at < m_json.size() && m_out.size() <= m_maxBytes) {
            if (!step()) {
                return failure(ApiError::internal(
                    u"What is no JSON cannot be redacted, at byte %1."_s.arg(m_at)));
            }
        }
        return cut();
    }

private:
    /// Returns whether what is here may be in JSON.
    bool step()
    {
        const char c = m_json[m_at];
        if (c == '"') {
            return stepOverString();
        }
        if (isOfNumber(c)) {
            stepOverNumber();
            return true;
        }
        if (isSpace(c) || QByteArrayView("{}[],:").contains(c)) {
            m_holdsCredential = m_holdsCredential && (isSpace(c) || c == ':');
            m_out += c;
            ++m_at;
            return true;
        }
        m_holdsCredential = false;
        for (const QByteArrayView word : {"true", "false", "null"}) {
            if (rest().startsWith(word)) {
                take(word.size(), word);
                return true;
            }
        }
        return false;
    }

    bool stepOverString()
    {
        const auto length = stringLength(rest());
        if (!length) {
            return false;
        }
        const QByteArrayView token = rest().first(*length);
        const QByteArrayView inner = token.sliced(1, *length - 2);
        if (isName(*length)) {
            const auto name = unescaped(inner);
            m_holdsCredential = name && namesCredential(*name);
            take(*length, token);
            return name.has_value();
        }
        if (std::exchange(m_holdsCredential, false) && !inner.isEmpty()) {
            take(*length, quoted(markOf("credential")));
            return true;
        }
        if (isMedia(inner)) {
            const QByteArray size = QByteArray::number(inner.size() / 4 * 3) + " bytes";
            take(*length, quoted(markOf("media", size)));
            return true;
        }
        return stepOverText(token, inner);
    }

    bool stepOverText(QByteArrayView token, QByteArrayView inner)
    {
        const auto text = unescaped(inner);
        if (!text) {
            return false;
        }
        const QByteArray redacted = redactedText(*text);
        // What nothing was taken from stays as it was written.
        take(token.size(), redacted == *text ? token.toByteArray() : quoted(redacted));
        return true;
    }

    void stepOverNumber()
    {
        const QByteArrayView number = rest().first(countWhile(rest(), isOfNumber));
        m_holdsCredential = false;
        const Found found = isDigit(number.front()) ? personalAt(number) : Found();
        take(number.size(),
             found.isSomething() ? quoted(markOf(found.kind)) : number.toByteArray());
    }

    /// Says whether the string of that length is the name of a member.
    [[nodiscard]] bool isName(qsizetype length) const
    {
        const QByteArrayView behind = rest().sliced(length);
        const qsizetype spaces = countWhile(behind, isSpace);
        return spaces < behind.size() && behind[spaces] == ':';
    }

    void take(qsizetype length, QByteArrayView written)
    {
        m_out += written;
        m_at += length;
    }

    [[nodiscard]] RedactedJson cut()
    {
        if (m_out.size() <= m_maxBytes && m_at == m_json.size()) {
            return {std::move(m_out), false};
        }
        qsizetype end = std::min(m_maxBytes, m_out.size());
        while (end > 0 && (static_cast<unsigned char>(m_out[end]) & 0xC0) == 0x80) {
            --end; // Not within a character.
        }
        m_out.truncate(end);
        return {std::move(m_out), true};
    }

    [[nodiscard]] QByteArrayView rest() const
    {
        return m_json.sliced(m_at);
    }

    QByteArrayView m_json;
    qsizetype m_maxBytes;
    QByteArray m_out;
    qsizetype m_at = 0;
    bool m_holdsCredential = false; ///< Whether a member with such a name awaits its value.
};

} // namespace

Result<RedactedJson> redactedJson(QByteArrayView json, qsizetype maxBytes)
{
    return JsonWalk(json, maxBytes).run();
}

} // namespace delta::content

#include "gateway/content/text_redaction.h"

#include "gateway/content/personal_shapes.h"
#include "gateway/content/secret_shapes.h"

#include <utility>

namespace delta::content {

namespace {

/// Walks through a text once. Words are looked at where they begin, and copied whole.
class Walk
{
public:
    explicit Walk(QByteArrayView text)
        : m_text(text)
    {
        m_out.reserve(text.size());
    }

    [[nodiscard]] QByteArray run()
    {
        while (m_at < m_text.size()) {
            step();
        }
        return std::move(m_out);
    }

private:
    void step()
    {
        const char c = m_text[m_at];
        if (isLetterOrDigit(c)) {
            stepOverWord();
        } else if (c == '@') {
            stepOverAddress();
        } else if (c == '=' || c == ':') {
            replaceOrCopy(valueBehind(m_text, m_at), 1);
        } else if (c == '-') {
            replaceOrCopy(privateKeyAt(rest()), 1);
        } else if ((c == '+' || c == '(') && !isWithinWord()) {
            replaceOrCopy(personalAt(rest()), 1);
        } else {
            copy(escapeLength());
        }
    }

    void stepOverWord()
    {
        Found found = secretAt(rest());
        if (!found.isSomething()) {
            found = personalAt(rest());
        }
        const qsizetype word = found.isSomething() ? 0 : countWhile(rest(), isLetterOrDigit);
        replaceOrCopy(found, word);
    }

    void stepOverAddress()
    {
        const Address address = emailAround(m_text, m_at, m_floor);
        if (address.begin == address.end) {
            copy(1);
            return;
        }
        m_out.chop(m_at - address.begin); // Nothing from the floor on was replaced.
        m_out += markOf("email");
        m_at = address.end;
        m_floor = m_at;
    }

    void replaceOrCopy(const Found &found, qsizetype length)
    {
        if (!found.isSomething()) {
            copy(length);
            return;
        }
        copy(found.keep);
        m_out += markOf(found.kind, found.detail);
        m_at += found.length;
        m_floor = m_at;
    }

    /// Of an escape of a text within the text, or of a URL, so that its letters are not taken for a part of a word.
    [[nodiscard]] qsizetype escapeLength() const
    {
        const QByteArrayView text = rest();
        if (text[0] == '\\' && text.size() > 1 && QByteArrayView("nrtbf").contains(text[1])) {
            return 2;
        }
        if (text[0] == '\\' && text.size() > 5 && text[1] == 'u'
            && countWhile(text.sliced(2), isHexDigit, 4) == 4) {
            return 6;
        }
        const bool isOfUrl = text[0] == '%' && text.size() > 2
            && countWhile(text.sliced(1), isHexDigit, 2) == 2;
        return isOfUrl ? 3 : 1;
    }

    [[nodiscard]] bool isWithinWord() const
    {
        return m_at > 0 && isLetterOrDigit(m_text[m_at - 1]);
    }

    void copy(qsizetype length)
    {
        m_out += m_text.sliced(m_at, length);
        m_at += length;
    }

    [[nodiscard]] QByteArrayView rest() const
    {
        return m_text.sliced(m_at);
    }

    QByteArrayView m_text;
    QByteArray m_out;
    qsizetype m_at = 0;
    qsizetype m_floor = 0; ///< What lies before it is written for good.
};

} // namespace

QByteArray redactedText(QByteArrayView text)
{
    return Walk(text).run();
}

} // namespace delta::content

#include "tests/architecture/cpp_text.h"

#include <QRegularExpression>
#include <QStringList>

namespace delta::architecture {

using namespace Qt::StringLiterals;

namespace {

/// Replaces a part of the text by blanks; line feeds stay.
void blank(QString &text, qsizetype begin, qsizetype end)
{
    for (qsizetype index = begin; index < end; ++index) {
        if (text[index] != u'\n') {
            text[index] = u' ';
        }
    }
}

/// Returns where the literal that begins at `quote` ends: behind its last quote.
qsizetype literalEnd(const QString &text, qsizetype quote)
{
    const bool isRaw = text[quote] == u'"' && quote > 0 && text[quote - 1] == u'R';
    if (isRaw) {
        const qsizetype parenthesis = text.indexOf(u'(', quote);
        const QString end = u')' + text.sliced(quote + 1, parenthesis - quote - 1) + u'"';
        const qsizetype found = text.indexOf(end, parenthesis);
        return found < 0 ? text.size() : found + end.size();
    }
    for (qsizetype index = quote + 1; index < text.size(); ++index) {
        if (text[index] == u'\\') {
            ++index;
        } else if (text[index] == text[quote] || text[index] == u'\n') {
            return index + 1;
        }
    }
    return text.size();
}

/// Says whether a literal begins here. An apostrophe within a number only separates digits.
bool isQuote(const QString &text, qsizetype index)
{
    if (text[index] == u'"') {
        return true;
    }
    const bool isSeparator = index > 0 && index + 1 < text.size()
        && text[index - 1].isLetterOrNumber() && text[index + 1].isLetterOrNumber()
        && text.indexOf(u'\'', index + 1) != index + 2;
    return text[index] == u'\'' && !isSeparator;
}

/// Returns where the comment that begins here ends, or -1 if none begins.
qsizetype commentEnd(const QString &text, qsizetype index)
{
    const QStringView next = QStringView(text).sliced(index,
                                                      qMin<qsizetype>(2, text.size() - index));
    if (next == u"//") {
        const qsizetype end = text.indexOf(u'\n', index);
        return end < 0 ? text.size() : end;
    }
    if (next == u"/*") {
        const qsizetype end = text.indexOf(u"*/", index + 2);
        return end < 0 ? text.size() : end + 2;
    }
    return -1;
}

} // namespace

QString withoutComments(const QString &text)
{
    QString code = text;
    for (qsizetype index = 0; index < text.size();) {
        if (const qsizetype end = commentEnd(text, index); end >= 0) {
            blank(code, index, end);
            index = end;
        } else {
            index = isQuote(text, index) ? literalEnd(text, index) : index + 1;
        }
    }
    return code;
}

QString withoutLiterals(const QString &code)
{
    QString bare = code;
    for (qsizetype index = 0; index < code.size();) {
        if (!isQuote(code, index)) {
            ++index;
            continue;
        }
        const qsizetype end = literalEnd(code, index);
        blank(bare, index + 1, end - 1);
        index = end;
    }
    return bare;
}

QString withoutPreprocessor(const QString &code)
{
    static const QRegularExpression directive(u"^[ \\t]*#(?:[^\\n]*\\\\\\n)*[^\\n]*"_s,
                                              QRegularExpression::MultilineOption);
    QString bare = code;
    for (auto match = directive.globalMatch(code); match.hasNext();) {
        const QRegularExpressionMatch found = match.next();
        blank(bare, found.capturedStart(), found.capturedEnd());
    }
    return bare;
}

} // namespace delta::architecture

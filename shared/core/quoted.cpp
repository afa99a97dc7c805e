#include "shared/core/quoted.h"

#include <algorithm>

namespace delta {

namespace {

constexpr qsizetype longest = 100;

/// Says whether the character turns the direction of the text behind it: on a screen, a name with one
/// can pass for another.
bool isDirectional(QChar character)
{
    return (character >= u'\u202A' && character <= u'\u202E')
        || (character >= u'\u2066' && character <= u'\u2069');
}

bool isUnprintable(QChar character)
{
    if (isDirectional(character)) {
        return true;
    }
    switch (character.category()) {
    case QChar::Other_Control:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

} // namespace

QString quoted(QStringView text)
{
    QString shown = text.first(std::min(text.size(), longest)).toString();
    for (QChar &character : shown) {
        if (isUnprintable(character)) {
            character = QChar::ReplacementCharacter;
        }
    }
    if (text.size() > longest) {
        // A cut must not leave half a pair behind: it could not be written as UTF-8.
        if (shown.back().isHighSurrogate()) {
            shown.chop(1);
        }
        shown += u'…';
    }
    return u'\'' + shown + u'\'';
}

bool hasUnprintable(QStringView text)
{
    return !text.isValidUtf16() || std::ranges::any_of(text, isUnprintable);
}

} // namespace delta

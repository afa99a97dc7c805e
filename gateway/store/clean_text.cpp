#include "gateway/store/clean_text.h"

#include <QByteArrayView>
#include <QString>

#include <cstring>

namespace delta::store {

namespace {

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

/// Cuts before the character that would not fit whole.
QByteArray shortened(const QByteArray &text)
{
    if (text.size() <= maxTextBytes) {
        return text;
    }
    qsizetype size = maxTextBytes;
    while (size > maxTextBytes - 4 && isContinuation(text[size])) {
        --size;
    }
    return text.first(size);
}

bool isClean(const QByteArray &text)
{
    return text.size() <= maxTextBytes && !text.contains('\0')
        && QByteArrayView(text).isValidUtf8();
}

} // namespace

QByteArray cleanText(const QByteArray &text)
{
    if (isClean(text)) {
        return text;
    }
    QString decoded = QString::fromUtf8(shortened(text));
    decoded.replace(QChar(u'\0'), QChar(QChar::ReplacementCharacter));
    // A replacement is longer than what it replaces, so the text may have to be cut once more.
    return shortened(decoded.toUtf8());
}

} // namespace delta::store

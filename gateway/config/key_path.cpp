#include "gateway/config/key_path.h"

#include "gateway/config/credential_shape.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

constexpr qsizetype longestKey = 64;

bool isPartOfAKey(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
        || u"_-.*/"_s.contains(c);
}

QString shownKey(const QString &key)
{
    if (looksLikeCredential(key)) {
        return u"…"_s;
    }
    const auto end = std::ranges::find_if_not(key, isPartOfAKey);
    const qsizetype length = std::min<qsizetype>(end - key.begin(), longestKey);
    return length == key.size() ? key : key.first(length) + u'…';
}

} // namespace

QString keyPath(const QString &parent, const QString &key)
{
    const QString shown = shownKey(key);
    return parent.isEmpty() ? shown : parent + u'.' + shown;
}

QString itemPath(const QString &parent, qsizetype index)
{
    return u"%1[%2]"_s.arg(parent).arg(index);
}

} // namespace delta::config

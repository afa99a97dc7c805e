#include "gateway/config/key_path.h"

using namespace Qt::StringLiterals;

namespace delta::config {

QString keyPath(const QString &parent, const QString &key)
{
    const qsizetype colon = key.indexOf(u':');
    const QString shown = colon < 0 ? key : key.first(colon) + u":…"_s;
    return parent.isEmpty() ? shown : parent + u'.' + shown;
}

QString itemPath(const QString &parent, qsizetype index)
{
    return u"%1[%2]"_s.arg(parent).arg(index);
}

} // namespace delta::config

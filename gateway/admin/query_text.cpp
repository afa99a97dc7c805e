#include "gateway/admin/query_text.h"

#include <QByteArray>
#include <QString>

namespace delta::admin {

QUrlQuery readQuery(QByteArrayView query)
{
    return QUrlQuery(QString::fromLatin1(query.toByteArray().replace('+', "%20")));
}

} // namespace delta::admin

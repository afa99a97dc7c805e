#include "gateway/store/database_address.h"

#include <QRegularExpression>

namespace delta::store {

using namespace Qt::StringLiterals;

DatabaseAddress::DatabaseAddress(const QString &pathOrUrl)
    : dialect(pathOrUrl.startsWith("postgresql://"_L1) || pathOrUrl.startsWith("postgres://"_L1)
                  ? Dialect::PostgreSql
                  : Dialect::Sqlite)
    , place(pathOrUrl)
{
}

QString DatabaseAddress::shown() const
{
    if (dialect == Dialect::Sqlite) {
        return place;
    }
    // A URL with a slip in it is shown too, so this is no parser of URLs, and rather hides too much.
    static const QRegularExpression credentials(u"://[^/@]*@"_s);
    static const QRegularExpression password(u"(password|sslpassword)=[^&]*"_s);
    QString text = place;
    return text.replace(credentials, u"://…@"_s).replace(password, u"\\1=…"_s);
}

} // namespace delta::store

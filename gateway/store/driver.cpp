#include "gateway/store/driver.h"

#include "gateway/store/postgres_driver.h"
#include "gateway/store/sqlite_driver.h"

namespace delta::store {

using namespace Qt::StringLiterals;

const Driver &driverOf(Dialect dialect)
{
    return dialect == Dialect::Sqlite ? sqliteDriver() : postgresDriver();
}

ApiError databaseUnavailable(const QString &detail)
{
    return ApiError::storeUnavailable(u"The gateway's database does not answer. Try again later."_s,
                                      detail);
}

} // namespace delta::store

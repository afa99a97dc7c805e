#include "gateway/store/partitions.h"

#include "gateway/store/database.h"
#include "gateway/store/sql_text.h"

#include <QString>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

qint64 beginOf(std::chrono::year_month month)
{
    const WallTime begin = std::chrono::sys_days(month / 1);
    return begin.time_since_epoch().count();
}

} // namespace

Result<void> Partitions::ensure(WallTime startedAt)
{
    if (m_database.dialect() == Dialect::Sqlite) {
        return {};
    }
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(startedAt));
    const std::chrono::year_month month = day.year() / day.month();
    if (m_known.contains(month)) {
        return {};
    }
    const QString suffix = u"y%1m%2"_s.arg(int(month.year()), 4, 10, QChar(u'0'))
                               .arg(unsigned(month.month()), 2, 10, QChar(u'0'));
    for (const QLatin1StringView name :
         {"events/create_partition"_L1, "events/create_tag_partition"_L1}) {
        TRY_VOID(m_database.execute(queryText(name, Dialect::PostgreSql)
                                        .arg(suffix)
                                        .arg(beginOf(month))
                                        .arg(beginOf(month + std::chrono::months(1)))));
    }
    m_known.insert(month);
    return {};
}

} // namespace delta::store

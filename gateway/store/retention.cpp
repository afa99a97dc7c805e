#include "gateway/store/retention.h"

#include "gateway/store/database.h"
#include "gateway/store/log.h"
#include "gateway/store/sql_text.h"
#include "gateway/store/transaction.h"

#include <QString>
#include <QStringList>

#include <chrono>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 portion = 5'000; ///< Rows that SQLite removes in some ten milliseconds.

qint64 millisecondsOf(std::chrono::sys_days day)
{
    return WallTime(day).time_since_epoch().count();
}

Result<void> moveFloor(Database &database, std::chrono::sys_days floor)
{
    return database.run("retention/update"_L1, {millisecondsOf(floor)}).transform([](int) { });
}

Result<bool> removePortion(Database &database, std::chrono::sys_days floor)
{
    TRY(Transaction transaction, Transaction::begin(database));
    TRY_VOID(moveFloor(database, floor));
    TRY(const int removed,
        database.run("retention/delete_events"_L1, {millisecondsOf(floor), portion}));
    if (removed < portion) {
        TRY_VOID(
            database.run("retention/delete_tags"_L1, {millisecondsOf(floor)}).transform([](int) {
            }));
    }
    TRY_VOID(transaction.commit());
    return removed == portion;
}

QString nameOf(std::chrono::year_month_day day)
{
    return u"y%1m%2"_s.arg(int(day.year()), 4, 10, QChar(u'0'))
        .arg(unsigned(day.month()), 2, 10, QChar(u'0'));
}

/// Detaching takes a lock that keeps others from the table for a moment, so each month is a transaction.
Result<void> dropMonth(Database &database, const QString &month, std::chrono::sys_days floor)
{
    TRY(Transaction transaction, Transaction::begin(database));
    TRY_VOID(moveFloor(database, floor));
    for (const QLatin1StringView name :
         {"retention/detach_events"_L1, "retention/drop_events"_L1,
          "retention/detach_event_tags"_L1, "retention/drop_event_tags"_L1}) {
        TRY_VOID(database.execute(queryText(name, Dialect::PostgreSql).arg(month)));
    }
    TRY_VOID(transaction.commit());
    qCInfo(lcStore, "the calls of %s are no longer kept", qPrintable(month));
    return {};
}

Result<bool> dropMonths(Database &database, std::chrono::year_month_day first)
{
    QStringList months;
    TRY_VOID(database.each("retention/select_partitions"_L1, {}, [&months](const QSqlQuery &row) {
        months.append(row.value(0).toString());
    }));
    const QString kept = nameOf(first);
    for (const QString &month : months) {
        if (month < kept) {
            TRY_VOID(dropMonth(database, month, first));
        }
    }
    return false;
}

} // namespace

Result<bool> removeEventsBefore(Database &database, WallTime before)
{
    const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(before);
    if (database.dialect() == Dialect::Sqlite) {
        return removePortion(database, day);
    }
    const std::chrono::year_month_day date(day);
    return dropMonths(database, date.year() / date.month() / 1);
}

} // namespace delta::store

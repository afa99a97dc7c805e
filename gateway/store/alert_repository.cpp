#include "gateway/store/alert_repository.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"
#include "gateway/store/transaction.h"

#include <QVariant>

#include <chrono>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

qint64 milliseconds(WallTime time)
{
    return time.time_since_epoch().count();
}

WallTime timeOf(const QVariant &value)
{
    return WallTime(std::chrono::milliseconds(value.toLongLong()));
}

QVariant millisecondsOrNull(const std::optional<WallTime> &time)
{
    return numberOrNull(time.transform(milliseconds));
}

} // namespace

/// An alert that is due, as it was read.
struct AlertRepository::Due {
    ports::ClaimedAlert alert;
    WallTime dueAt{};
};

Result<bool> AlertRepository::raise(const ports::AlertMark &mark, const ports::NewAlert &alert)
{
    TRY(Transaction transaction, Transaction::begin(m_database));
    TRY(const int marked,
        m_database.run("alerts/upsert_mark"_L1,
                       {mark.budgetId, mark.threshold, qint64(mark.amount.nanos()),
                        milliseconds(mark.window), millisecondsOrNull(mark.expiresAt),
                        milliseconds(alert.at)}));
    if (marked == 0) {
        return false;
    }
    TRY_VOID(queue(alert));
    TRY_VOID(transaction.commit());
    return true;
}

Result<void> AlertRepository::queue(const ports::NewAlert &alert)
{
    for (const QString &channel : alert.channels) {
        TRY_VOID(m_database.run(
            "alerts/insert"_L1,
            {alert.id, channel, QString::fromUtf8(alert.event), milliseconds(alert.at)}));
    }
    return {};
}

Result<std::optional<AlertRepository::Due>> AlertRepository::findDue(const QString &channel,
                                                                     WallTime now)
{
    std::optional<Due> due;
    TRY_VOID(m_database.each("alerts/select_due"_L1, {channel, milliseconds(now)},
                             [&due, &channel](const QSqlQuery &row) {
                                 due = Due{{{row.value(0).toString(), channel},
                                            row.value(1).toString().toUtf8(),
                                            timeOf(row.value(2)),
                                            row.value(4).toInt() + 1},
                                           timeOf(row.value(3))};
                             }));
    return due;
}

/// Looks first and takes then, so that a look each second takes no write lock. Who loses an alert to
/// another process looks again: that one is not due any more.
Result<std::optional<ports::ClaimedAlert>> AlertRepository::claim(const QString &channel,
                                                                  const ports::AlertLease &lease)
{
    while (true) {
        TRY(const std::optional<Due> due, findDue(channel, lease.from));
        if (!due) {
            return std::nullopt;
        }
        TRY(const int taken,
            m_database.run("alerts/claim"_L1,
                           {due->alert.place.id, channel, milliseconds(due->dueAt),
                            milliseconds(lease.until)}));
        if (taken > 0) {
            return due->alert;
        }
    }
}

Result<void> AlertRepository::deliver(const ports::AlertPlace &place, WallTime at)
{
    return m_database
        .run("alerts/end"_L1, {place.id, place.channel, u"delivered"_s, milliseconds(at), u""_s})
        .transform([](int) { });
}

Result<void> AlertRepository::postpone(const ports::AlertPlace &place, WallTime until,
                                       const QString &error)
{
    return m_database
        .run("alerts/postpone"_L1, {place.id, place.channel, milliseconds(until), present(error)})
        .transform([](int) { });
}

Result<void> AlertRepository::giveUp(const ports::AlertPlace &place, WallTime at,
                                     const QString &error)
{
    return m_database
        .run("alerts/end"_L1,
             {place.id, place.channel, u"given_up"_s, milliseconds(at), present(error)})
        .transform([](int) { });
}

Result<void> AlertRepository::tidy(const ports::AlertAges &ages)
{
    TRY_VOID(m_database.run("alerts/give_up_old"_L1,
                            {milliseconds(ages.givenUpBefore), milliseconds(ages.now)}));
    TRY_VOID(m_database.run("alerts/delete_ended"_L1, {milliseconds(ages.endedBefore)}));
    TRY_VOID(m_database.run("alerts/delete_old_marks"_L1, {milliseconds(ages.now)}));
    return {};
}

Result<qint64> AlertRepository::queued()
{
    qint64 count = 0;
    TRY_VOID(m_database.each("alerts/count_queued"_L1, {}, [&count](const QSqlQuery &row) {
        count = row.value(0).toLongLong();
    }));
    return count;
}

Result<std::vector<ports::AlertRecord>> AlertRepository::newest(int limit)
{
    std::vector<ports::AlertRecord> records;
    TRY_VOID(m_database.each("alerts/select_newest"_L1, {limit}, [&records](const QSqlQuery &row) {
        records.push_back({{row.value(0).toString(), row.value(1).toString()},
                           row.value(2).toString(),
                           row.value(3).toString().toUtf8(),
                           timeOf(row.value(4)),
                           timeOf(row.value(5)),
                           row.value(6).toInt(),
                           row.value(7).toString()});
    }));
    return records;
}

} // namespace delta::store

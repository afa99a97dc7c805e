#include "gateway/store/gateway_table.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"
#include "gateway/store/journal_row.h"
#include "gateway/store/transaction.h"

#include <QVariant>

namespace delta::store {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

WallTime timeOf(const QVariant &value)
{
    return WallTime(milliseconds(value.toLongLong()));
}

QVariant leaseOf(const ports::GatewayReport &report)
{
    return numberOrNull(
        report.lease.transform([](milliseconds lease) { return qint64(lease.count()); }));
}

ports::GatewayEntry entryOf(const QSqlQuery &row)
{
    ports::GatewayEntry entry;
    entry.journal = row.value(0).toLongLong();
    entry.name = row.value(1).toString();
    entry.holding = {Money::fromNanos(row.value(2).toLongLong()), row.value(3).toLongLong()};
    if (row.isNull(10)) {
        return entry;
    }
    ports::GatewayEntry::Seen seen;
    seen.report.host = row.value(4).toString();
    seen.report.version = row.value(5).toString();
    if (!row.isNull(6)) {
        seen.report.lease = milliseconds(row.value(6).toLongLong());
    }
    seen.report.openCalls = row.value(7).toLongLong();
    seen.report.backlogBytes = row.value(8).toLongLong();
    seen.startedAt = timeOf(row.value(9));
    seen.at = timeOf(row.value(10));
    seen.ago = timeOf(row.value(11)) - seen.at;
    entry.seen = seen;
    return entry;
}

Result<std::vector<ports::GatewayEntry>> entries(Database &database, QLatin1StringView query,
                                                 const QVariantList &values)
{
    std::vector<ports::GatewayEntry> found;
    TRY_VOID(database.each(query, values,
                           [&found](const QSqlQuery &row) { found.push_back(entryOf(row)); }));
    return found;
}

} // namespace

Result<bool> GatewayTable::reportIn(const ports::GatewayReport &report)
{
    TRY(const qint64 journal, m_journal.id());
    return m_database
        .run("gateways/report"_L1,
             {journal, leaseOf(report), report.openCalls, report.backlogBytes})
        .transform([](int rows) { return rows > 0; });
}

Result<void> GatewayTable::enroll(const ports::GatewayReport &report)
{
    TRY(const qint64 journal, m_journal.id());
    return m_database
        .run("gateways/enroll"_L1,
             {journal, present(report.host), present(report.version), leaseOf(report),
              report.openCalls, report.backlogBytes})
        .transform([](int) { });
}

Result<void> GatewayTable::leave()
{
    TRY(const qint64 journal, m_journal.id());
    return m_database.run("gateways/delete"_L1, {journal}).transform([](int) { });
}

Result<std::vector<ports::GatewayEntry>> GatewayTable::notSeenFor(milliseconds time)
{
    TRY(const qint64 journal, m_journal.id());
    return entries(m_database, "gateways/select_unseen"_L1, {qint64(time.count()), journal});
}

Result<std::vector<ports::GatewayEntry>> GatewayTable::all()
{
    return entries(m_database, "gateways/select_all"_L1, {});
}

Result<std::optional<ports::GatewayHolding>> GatewayTable::forget(
    qint64 journal, std::optional<milliseconds> notSeenFor)
{
    TRY(Transaction transaction, Transaction::begin(m_database));
    // A gateway that is alive waits here with its report, and then finds that it is not on the roll.
    TRY(const bool isForgotten, takeOff(journal, notSeenFor));
    if (!isForgotten) {
        return std::nullopt;
    }
    ports::GatewayHolding held;
    TRY_VOID(m_database.each("grants/sum_of_journal"_L1, {journal}, [&held](const QSqlQuery &row) {
        held = {Money::fromNanos(row.value(0).toLongLong()), row.value(1).toLongLong()};
    }));
    TRY([[maybe_unused]] const int rows, m_database.run("grants/delete_all"_L1, {journal}));
    TRY_VOID(transaction.commit());
    return held;
}

/// Returns whether it may be forgotten. One that holds something and is not on the roll was never seen.
Result<bool> GatewayTable::takeOff(qint64 journal, std::optional<milliseconds> notSeenFor)
{
    if (!notSeenFor) {
        return m_database.run("gateways/delete"_L1, {journal}).transform([](int) { return true; });
    }
    return m_database.run("gateways/delete_unseen"_L1, {journal, qint64(notSeenFor->count())})
        .transform([](int rows) { return rows > 0; });
}

} // namespace delta::store

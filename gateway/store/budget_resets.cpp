#include "gateway/store/budget_resets.h"

#include "gateway/store/budget_repository.h"
#include "gateway/store/budget_spending.h"
#include "gateway/store/column_values.h"
#include "gateway/store/database.h"
#include "shared/billing/budget_window.h"
#include "shared/json/enum_names.h"

#include <QTimeZone>
#include <QtTypes>

#include <algorithm>
#include <chrono>

namespace delta::store {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int mostRecords = 1000;

qint64 milliseconds(WallTime time)
{
    return time.time_since_epoch().count();
}

WallTime timeAt(const QSqlQuery &row, int column)
{
    return WallTime(std::chrono::milliseconds(row.value(column).toLongLong()));
}

/// Reads a row of budgets/select_resets.
ports::ResetRecord recordOf(const QSqlQuery &row)
{
    return {row.value(0).toLongLong(),
            row.value(1).toString(),
            timeAt(row, 2),
            row.value(3).toString(),
            row.value(4).toString(),
            timeAt(row, 5),
            Money::fromNanos(row.value(6).toLongLong())};
}

Result<std::optional<ports::ResetRecord>> newestOf(Database &database, const QString &budgetId)
{
    std::optional<ports::ResetRecord> newest;
    TRY_VOID(database.each("budgets/select_resets"_L1, {present(budgetId), 1},
                           [&newest](const QSqlQuery &row) { newest = recordOf(row); }));
    return newest;
}

/// Returns since when a budget counts at a moment: not before its last reset; the epoch: since ever.
WallTime windowBegin(const Budget &budget, WallTime at)
{
    WallTime begin{};
    if (budget.duration && budget.reset == BudgetReset::Rolling) {
        begin = at - rollingLength(*budget.duration);
    } else if (budget.duration) {
        const QTimeZone zone(budget.timeZone.toLatin1());
        begin = windowAt(*budget.duration, zone.isValid() ? zone : QTimeZone::utc(), at).begin;
    }
    return std::max(begin, budget.lastReset.value_or(begin));
}

Result<Money> sumSince(Database &database, const Budget &budget, WallTime since)
{
    TRY(const std::vector<ports::Spending> found, spendings(database, budget, since));
    Money sum;
    for (const ports::Spending &spending : found) {
        sum += spending.amount;
    }
    return sum;
}

/// Returns what the calls cost that started in a stretch of time; its end is not part of it. Calls that are posted
/// between the two statements can only make it less.
Result<Money> sumBetween(Database &database, Budget calls, const BudgetWindow &time)
{
    calls.duration.reset(); // The sums need not be told apart.
    TRY(const Money all, sumSince(database, calls, time.begin));
    TRY(const Money later, sumSince(database, calls, time.end));
    return all - later;
}

Result<void> write(Database &database, const Budget &budget, const ports::ResetRecord &record)
{
    TRY_VOID(database.run("budgets/update_last_reset"_L1,
                          {present(budget.id), milliseconds(record.at)}));
    return database
        .run("budgets/insert_reset"_L1,
             {present(budget.id), milliseconds(record.at), present(record.by),
              present(record.reason), milliseconds(record.windowBegin),
              qint64(record.spentBefore.nanos()), QString(enumName(budget.scope)),
              present(budget.scopeId), present(budget.memberId)})
        .transform([](int) { });
}

/// A reset as verify/select_resets tells it, and the calls that it is about.
struct KeptReset {
    qint64 id = 0;
    Budget calls;
    BudgetWindow time;
    Money spent;
};

Result<std::vector<KeptReset>> keptResets(Database &database)
{
    std::vector<KeptReset> resets;
    TRY_VOID(database.each("verify/select_resets"_L1, {}, [&resets](const QSqlQuery &row) {
        KeptReset reset;
        reset.id = row.value(0).toLongLong();
        reset.calls.id = row.value(1).toString();
        reset.time = {timeAt(row, 3), timeAt(row, 2)};
        reset.spent = Money::fromNanos(row.value(4).toLongLong());
        const auto scope = enumValue<BudgetScope>(row.value(5).toString());
        reset.calls.scope = scope.value_or(BudgetScope::Gateway);
        reset.calls.scopeId = row.value(6).toString();
        reset.calls.memberId = row.value(7).toString();
        resets.push_back(reset);
    }));
    return resets;
}

} // namespace

Result<std::optional<ports::ResetRecord>> resetBudget(Database &database,
                                                      const ports::ResetWish &wish)
{
    BudgetRepository budgets(database);
    TRY(const std::optional<Budget> budget, budgets.lock(wish.budgetId));
    if (!budget) {
        return std::nullopt;
    }
    TRY(const std::optional<ports::ResetRecord> before, newestOf(database, budget->id));
    const WallTime at = before ? std::max(wish.at, before->at + 1ms) : wish.at;
    const BudgetWindow time{windowBegin(*budget, at), at};
    TRY(const Money spent, sumBetween(database, *budget, time));
    TRY_VOID(
        write(database, *budget, {0, budget->id, at, wish.by, wish.reason, time.begin, spent}));
    return newestOf(database, budget->id);
}

Result<std::vector<ports::ResetRecord>> resetsOf(Database &database, const QString &budgetId)
{
    std::vector<ports::ResetRecord> records;
    TRY_VOID(database.each("budgets/select_resets"_L1, {present(budgetId), mostRecords},
                           [&records](const QSqlQuery &row) { records.push_back(recordOf(row)); }));
    return records;
}

Result<QStringList> resetsWithoutCalls(Database &database)
{
    QStringList sentences;
    TRY(const std::vector<KeptReset> resets, keptResets(database));
    for (const KeptReset &reset : resets) {
        TRY(const Money cost, sumBetween(database, reset.calls, reset.time));
        if (cost < reset.spent) {
            sentences.append(
                u"reset %1 of budget '%2': it notes %3 USD as spent before; the calls of its "
                "window cost %4 USD"_s.arg(reset.id)
                    .arg(reset.calls.id, reset.spent.toUsd(), cost.toUsd()));
        }
    }
    return sentences;
}

} // namespace delta::store

#include "gateway/store/budget_repository.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"

#include <chrono>
#include <optional>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

QVariant nanosOrNull(const std::optional<Money> &amount)
{
    return numberOrNull(amount.transform([](Money value) -> qint64 { return value.nanos(); }));
}

QVariant millisecondsOrNull(const std::optional<WallTime> &time)
{
    return numberOrNull(
        time.transform([](WallTime at) -> qint64 { return at.time_since_epoch().count(); }));
}

QVariant textOrNull(const std::optional<Period> &period)
{
    return period ? QVariant(period->toText()) : QVariant(QMetaType::fromType<QString>());
}

/// Returns the columns of a budget in order, and when that is written: the parameters of budgets/insert and
/// budgets/update.
QVariantList valuesOf(const Budget &budget, WallTime at)
{
    return {present(budget.id),
            QString(enumName(budget.scope)),
            present(budget.scopeId),
            present(budget.memberId),
            nanosOrNull(budget.maxBudget),
            nanosOrNull(budget.softBudget),
            textOrNull(budget.duration),
            QString(enumName(budget.reset)),
            present(budget.timeZone),
            nanosOrNull(budget.increase),
            millisecondsOrNull(budget.increaseUntil),
            millisecondsOrNull(at)};
}

std::optional<Money> moneyOf(const QSqlQuery &row, int column)
{
    return row.isNull(column) ? std::nullopt
                              : std::optional(Money::fromNanos(row.value(column).toLongLong()));
}

std::optional<WallTime> timeOf(const QSqlQuery &row, int column)
{
    return row.isNull(column)
        ? std::nullopt
        : std::optional(WallTime(std::chrono::milliseconds(row.value(column).toLongLong())));
}

ApiError unreadable(const QSqlQuery &row, int column)
{
    return ApiError::storeUnavailable(
        u"The gateway's database holds a budget that this gateway does not understand."_s,
        u"budget '%1': '%2' means nothing here"_s.arg(row.value(0).toString(),
                                                      row.value(column).toString()));
}

/// Reads a row of budgets/select_all or budgets/lock.
Result<Budget> budgetOf(const QSqlQuery &row)
{
    const auto scope = enumValue<BudgetScope>(row.value(1).toString());
    if (!scope) {
        return failure(unreadable(row, 1));
    }
    const auto duration = Period::fromText(row.value(6).toString());
    if (!duration && !row.isNull(6)) {
        return failure(unreadable(row, 6));
    }
    const auto reset = enumValue<BudgetReset>(row.value(7).toString());
    if (!reset) {
        return failure(unreadable(row, 7));
    }
    Budget budget;
    budget.id = row.value(0).toString();
    budget.scope = *scope;
    budget.scopeId = row.value(2).toString();
    budget.memberId = row.value(3).toString();
    budget.maxBudget = moneyOf(row, 4);
    budget.softBudget = moneyOf(row, 5);
    budget.duration = duration ? std::optional(*duration) : std::nullopt;
    budget.reset = *reset;
    budget.timeZone = row.value(8).toString();
    budget.increase = Money::fromNanos(row.value(9).toLongLong());
    budget.increaseUntil = timeOf(row, 10);
    budget.lastReset = timeOf(row, 11);
    return budget;
}

Result<std::vector<Budget>> read(Database &database, QLatin1StringView query,
                                 const QVariantList &values)
{
    std::vector<Budget> budgets;
    Result<void> understood;
    TRY_VOID(database.each(query, values, [&budgets, &understood](const QSqlQuery &row) {
        if (auto budget = budgetOf(row)) {
            budgets.push_back(*std::move(budget));
        } else {
            understood = failure(std::move(budget).error());
        }
    }));
    TRY_VOID(understood);
    return budgets;
}

} // namespace

Result<std::vector<Budget>> BudgetRepository::loadAll()
{
    return read(m_database, "budgets/select_all"_L1, {});
}

Result<std::optional<Budget>> BudgetRepository::lock(const QString &id)
{
    TRY(std::vector<Budget> budgets, read(m_database, "budgets/lock"_L1, {present(id)}));
    return budgets.empty() ? std::nullopt : std::optional(std::move(budgets.front()));
}

Result<std::vector<Budget>> BudgetRepository::find(const QStringList &ids)
{
    return read(m_database, "budgets/select"_L1, {textSet(ids)});
}

Result<void> BudgetRepository::removeOf(BudgetScope scope, const QString &scopeId)
{
    return m_database
        .run("budgets/delete_of_scope"_L1, {QString(enumName(scope)), present(scopeId)})
        .transform([](int) { });
}

Result<void> BudgetRepository::insert(const Budget &budget, WallTime at)
{
    const auto inserted = m_database.run("budgets/insert"_L1, valuesOf(budget, at));
    if (!inserted && inserted.error().param == "budget_id"_L1) {
        return failure(ApiError::invalidRequest(
            u"Another budget has the id '%1' already. Choose another id."_s.arg(budget.id),
            u"budget_id"_s));
    }
    return inserted.transform([](int) { });
}

Result<bool> BudgetRepository::update(const Budget &budget, WallTime at)
{
    return m_database.run("budgets/update"_L1, valuesOf(budget, at)).transform([](int rows) {
        return rows > 0;
    });
}

Result<bool> BudgetRepository::remove(const QString &id)
{
    return m_database.run("budgets/delete"_L1, {present(id)}).transform([](int rows) {
        return rows > 0;
    });
}

Result<qint64> BudgetRepository::version()
{
    qint64 version = 0;
    TRY_VOID(m_database.each("budgets/select_version"_L1, {}, [&version](const QSqlQuery &row) {
        version = row.value(0).toLongLong();
    }));
    return version;
}

} // namespace delta::store

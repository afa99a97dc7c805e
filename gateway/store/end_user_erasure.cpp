#include "gateway/store/end_user_erasure.h"

#include "gateway/store/column_values.h"
#include "gateway/store/control_tables.h"
#include "gateway/store/database.h"
#include "gateway/store/name_table.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::store {

Result<EndUserTraces> findEndUser(Database &database, ControlTables &tables, const QString &endUser)
{
    EndUserTraces traces;
    TRY_VOID(database.each(
        "events/count_of_end_user"_L1, {present(endUser)},
        [&traces](const QSqlQuery &row) { traces.calls = row.value(0).toLongLong(); }));
    TRY(const std::vector<Budget> budgets, tables.budgets.loadAll());
    traces.budgets = std::ranges::count_if(budgets, [&endUser](const Budget &budget) {
        return budget.scope == BudgetScope::EndUser && budget.scopeId == endUser;
    });
    TRY(const std::vector<RateLimit> limits, tables.rateLimits.loadOf(RateScope::EndUser, endUser));
    traces.rateLimits = std::ssize(limits);
    TRY(const std::optional<EndUser> object, tables.endUsers.find({endUser}));
    traces.isKept = object.has_value();
    TRY(traces.contents, tables.contents.countOfEndUser(endUser));
    return traces;
}

Result<void> eraseEndUser(Database &database, ControlTables &tables, const QString &endUser)
{
    TRY_VOID(database.run("events/erase_end_user"_L1, {present(endUser)}));
    const QString name = QString::fromUtf8(endUserName(endUser.toUtf8()));
    TRY_VOID(database.run("rollups/delete_end_user"_L1, {name}));
    TRY_VOID(database.run("names/erase"_L1, {name}));
    TRY_VOID(database.run("alerts/delete_of_end_user"_L1, {present(endUser)}));
    TRY_VOID(tables.endUsers.remove({endUser}));
    TRY_VOID(tables.contents.eraseEndUser(endUser));
    TRY_VOID(tables.budgets.removeOf(BudgetScope::EndUser, endUser));
    return tables.rateLimits.removeOf(RateScope::EndUser, endUser).transform([](bool) { });
}

} // namespace delta::store

#include "gateway/admin/budget_json.h"
#include "gateway/admin/contract/change_record.h"
#include "gateway/admin/contract/revision.h"
#include "gateway/admin/resources/budgets.h"

#include <QJsonArray>

#include <tuple>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

/// The body of a reset.
struct ResetWish {
    QString reason; ///< For people; kept for good.

    static constexpr auto fields()
    {
        return std::tuple{field<NullWhenEmpty<QString>>("reason"_L1, &ResetWish::reason)};
    }
};

ApiError noSuchBudget()
{
    return ApiError::notFound(u"There is no such budget."_s, u"budget_id"_s, u"budget_not_found"_s);
}

} // namespace

std::vector<AdminRoute> BudgetCommands::routes()
{
    return {{"POST", "/ui/api/budgets/{budget_id}/reset",
             [this](const AdminCall &call) { return reset(call); }},
            {"GET", "/ui/api/budgets/{budget_id}/resets",
             [this](const AdminCall &call) { return resets(call); }}};
}

/// Also one that the configuration file sets: that says nothing of what was spent.
Result<Answer> BudgetCommands::reset(const AdminCall &call)
{
    TRY(const ResetWish wish, fromJson<ResetWish>(call.body));
    TRY_VOID(m_room.room.store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(const ManagedBudget budget, m_budgets.find(tables, call));
        return checkRevision(call.request, budget.stamp.revision);
    }));
    const ports::Seated seated(m_room.room.store, auditEventOf(call));
    TRY(const std::optional<BudgetRestart> restart,
        m_room.service.reset(call.pathText(0), call.caller.name, wish.reason));
    if (!restart) {
        return failure(noSuchBudget());
    }
    return m_budgets.show(call);
}

/// They outlive their budget.
Result<Answer> BudgetCommands::resets(const AdminCall &call)
{
    TRY(const std::vector<ports::ResetRecord> records, m_room.service.resets(call.pathText(0)));
    if (records.empty()) {
        TRY_VOID(m_budgets.show(call)); // There was none, or there is no such budget.
    }
    QJsonArray items;
    for (const ports::ResetRecord &record : records) {
        items.append(resetJson(record));
    }
    return jsonAnswer(QJsonObject{{"items"_L1, items}});
}

} // namespace delta::admin

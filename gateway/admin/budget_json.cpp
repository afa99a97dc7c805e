#include "gateway/admin/budget_json.h"

#include "shared/json/json_codec.h"

#include <QJsonValue>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

QJsonValue amountJson(const std::optional<Money> &value)
{
    return JsonCodec<std::optional<Money>>::encode(value);
}

QJsonValue timeJson(const std::optional<WallTime> &value)
{
    return JsonCodec<std::optional<WallTime>>::encode(value);
}

} // namespace

QJsonObject standingJson(const limits::BudgetState &state)
{
    return {{"spend"_L1, amountJson(state.spent)},
            {"reserved"_L1, amountJson(state.reserved)},
            {"limit"_L1, amountJson(state.limit)},
            {"remaining"_L1, amountJson(state.limit ? std::optional(state.left()) : std::nullopt)},
            {"budget_reset_at"_L1, timeJson(state.renewsAt)}};
}

QJsonObject budgetJson(const limits::BudgetState &state)
{
    QJsonObject object = toJson(state.budget);
    const QJsonObject standing = standingJson(state);
    for (auto member = standing.begin(); member != standing.end(); ++member) {
        object.insert(member.key(), member.value());
    }
    object.insert("last_reset_at"_L1, timeJson(state.budget.lastReset));
    return object;
}

QJsonObject resetJson(const ports::ResetRecord &record)
{
    const bool hasWindow = record.windowBegin > WallTime();
    return {
        {"budget_id"_L1, record.budgetId},
        {"reset_at"_L1, timeJson(record.at)},
        {"reset_by"_L1, record.by},
        {"reason"_L1, record.reason.isEmpty() ? QJsonValue() : QJsonValue(record.reason)},
        {"window_start"_L1, timeJson(hasWindow ? std::optional(record.windowBegin) : std::nullopt)},
        {"spent_before"_L1, amountJson(record.spentBefore)}};
}

void addKeyBudget(QJsonObject &key, const std::optional<limits::BudgetState> &state)
{
    const Budget budget = state ? state->budget : Budget();
    key.insert("max_budget"_L1, amountJson(budget.maxBudget));
    key.insert("soft_budget"_L1, amountJson(budget.softBudget));
    key.insert("budget_duration"_L1, JsonCodec<std::optional<Period>>::encode(budget.duration));
    key.insert("budget_reset_at"_L1, timeJson(state ? state->renewsAt : std::nullopt));
}

} // namespace delta::admin

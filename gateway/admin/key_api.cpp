#include "gateway/admin/key_api.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/budget_json.h"
#include "gateway/admin/json_reply.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

/// The body of /key/{key}/reset_spend.
struct SpendReset {
    std::optional<Money> resetTo;

    static constexpr auto fields()
    {
        return std::tuple{field("reset_to"_L1, &SpendReset::resetTo)};
    }
};

/// What a budget has spent is a sum of calls, so there is nothing that could be set to an amount.
Result<void> readSpendReset(const QByteArray &body)
{
    TRY(const QJsonObject object, readObject(body));
    TRY(const SpendReset wish, fromJson<SpendReset>(object));
    if (wish.resetTo != Money()) {
        return failure(ApiError::invalidRequest(
            u"'reset_to' must be 0: a reset has the key's budgets begin anew, and cannot set what "
            "was spent."_s,
            u"reset_to"_s));
    }
    return {};
}

ApiError keyNotFound(const QString &message, const QString &param)
{
    return ApiError::notFound(message, param, u"key_not_found"_s);
}

/// Describes it as LiteLLM does, by the budget that was made with the key if that is there.
QJsonObject describeRestarts(const QString &keyId, const std::vector<BudgetRestart> &restarts)
{
    const auto own = std::ranges::find(restarts, u"key-"_s + keyId, [](const BudgetRestart &each) {
        return each.state.budget.id;
    });
    const BudgetRestart &first = own == restarts.end() ? restarts.front() : *own;
    const QJsonObject budget = budgetJson(first.state);
    QJsonArray budgets;
    for (const BudgetRestart &each : restarts) {
        budgets.append(budgetJson(each.state));
    }
    return {{"key_hash"_L1, keyId},
            {"spend"_L1, budget.value("spend"_L1)},
            {"previous_spend"_L1, resetJson(first.record).value("spent_before"_L1)},
            {"max_budget"_L1, budget.value("max_budget"_L1)},
            {"budget_reset_at"_L1, budget.value("budget_reset_at"_L1)},
            {"budgets"_L1, budgets}};
}

Result<QJsonValue> resetBudgetsOf(KeyService &keys, const QString &name)
{
    TRY(const std::optional<VirtualKey> key, keys.find(name));
    if (!key) {
        return failure(keyNotFound(u"No key has that id, alias or text."_s, u"key"_s));
    }
    TRY(const std::vector<BudgetRestart> restarts,
        keys.resetBudgets(key->id, QString(masterKeyName)));
    if (restarts.empty()) {
        return failure(
            ApiError::notFound(u"The key has no budget of its own that could begin anew."_s,
                               u"key"_s, u"budget_not_found"_s));
    }
    return describeRestarts(key->id, restarts);
}

} // namespace

Result<void> KeyApi::allow(const ports::HttpRequest &request) const
{
    return requireMaster(m_parts.authenticator, m_parts.permissions, request);
}

void KeyApi::resetSpend(const ports::HttpRequest &request, std::unique_ptr<ports::HttpReply> reply,
                        const QString &name)
{
    const auto read = allow(request).and_then([&] { return readSpendReset(request.body); });
    if (!read) {
        sendError(*reply, read.error());
        return;
    }
    answer(m_parts.background, std::move(reply),
           doneBy(masterOf(request), m_parts.seat,
                  [&keys = m_parts.keys, name] { return resetBudgetsOf(keys, name); }));
}

} // namespace delta::admin

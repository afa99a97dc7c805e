#include "gateway/admin/budget_api.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/budget_json.h"
#include "gateway/admin/json_reply.h"
#include "gateway/admin/query_text.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>
#include <QStringList>

#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace delta::admin {

using namespace Qt::StringLiterals;
using limits::BudgetState;

namespace {

constexpr auto idField = "budget_id"_L1;

/// The body of /budget/update.
struct BudgetChange {
    QString id;
    QJsonObject patch;
};

/// The body of POST /budget/info.
struct BudgetIds {
    QStringList budgets;

    static constexpr auto fields()
    {
        return std::tuple{field("budgets"_L1, &BudgetIds::budgets)};
    }
};

/// The body of /budget/delete.
struct BudgetId {
    QString id;

    static constexpr auto fields()
    {
        return std::tuple{field("id"_L1, &BudgetId::id)};
    }
};

/// The body of /budget/reset.
struct ResetCall {
    QString id;
    QString reason; ///< Empty: none is given.

    static constexpr auto fields()
    {
        return std::tuple{field("reason"_L1, &ResetCall::reason)};
    }
};

/// Takes out of a body what names the budget, which is no field to be set; empty if it is not
/// there.
Result<QString> takeId(QJsonObject &object)
{
    const QJsonValue id = object.take(idField);
    if (id.isUndefined()) {
        return QString();
    }
    if (!id.isString()) {
        return failure(ApiError::invalidRequest(u"'budget_id' must be a text."_s, idField));
    }
    TRY_VOID(checkBudgetId(id.toString()));
    return id.toString();
}

Result<Budget> readWish(const QByteArray &body)
{
    TRY(QJsonObject object, readObject(body).transform(withoutNulls));
    TRY(const QString id, takeId(object));
    Budget wish;
    TRY_VOID(applyPatch(object, wish));
    wish.id = id;
    return wish;
}

Result<BudgetChange> readChange(const QByteArray &body)
{
    TRY(QJsonObject object, readObject(body));
    TRY(const QString id, takeId(object));
    if (id.isEmpty()) {
        return failure(
            ApiError::invalidRequest(u"'budget_id' must name the budget to change."_s, idField));
    }
    return BudgetChange{id, object};
}

Result<ResetCall> readReset(const QByteArray &body)
{
    TRY(QJsonObject object, readObject(body).transform(withoutNulls));
    TRY(const QString id, takeId(object));
    if (id.isEmpty()) {
        return failure(
            ApiError::invalidRequest(u"'budget_id' must name the budget to reset."_s, idField));
    }
    ResetCall call;
    TRY_VOID(applyPatch(object, call));
    call.id = id;
    return call;
}

Result<QStringList> readIds(const QByteArray &body)
{
    TRY(const QJsonObject object, readObject(body));
    TRY(const BudgetIds ids, fromJson<BudgetIds>(object));
    if (ids.budgets.isEmpty()) {
        return failure(
            ApiError::invalidRequest(u"'budgets' must name at least one budget."_s, u"budgets"_s));
    }
    return ids.budgets;
}

Result<QString> readId(const QByteArray &body)
{
    TRY(const QJsonObject object, readObject(body));
    TRY(const BudgetId id, fromJson<BudgetId>(object));
    if (id.id.isEmpty()) {
        return failure(
            ApiError::invalidRequest(u"'id' must name the budget to delete."_s, u"id"_s));
    }
    return id.id;
}

Result<QString> readIdOfQuery(QByteArrayView query)
{
    const QString id = readQuery(query).queryItemValue(idField, QUrl::FullyDecoded);
    if (id.isEmpty()) {
        return failure(ApiError::invalidRequest(
            u"The query parameter 'budget_id' must name a budget."_s, idField));
    }
    return id;
}

/// Describes a budget that was asked for by the field `param`, if it is there.
Result<QJsonValue> describe(const std::optional<BudgetState> &state, const QString &param)
{
    if (!state) {
        return failure(ApiError::notFound(u"'%1' names no budget."_s.arg(param), param,
                                          u"budget_not_found"_s));
    }
    return budgetJson(*state);
}

Result<QJsonValue> describeAll(BudgetService &budgets)
{
    TRY(const std::vector<BudgetState> states, budgets.list());
    QJsonArray array;
    for (const BudgetState &state : states) {
        array.append(budgetJson(state));
    }
    return QJsonObject{{"budgets"_L1, array}};
}

Result<QJsonValue> describeEach(BudgetService &budgets, const QStringList &ids)
{
    QJsonArray array;
    for (qsizetype i = 0; i < ids.size(); ++i) {
        TRY(const std::optional<BudgetState> state, budgets.find(ids[i]));
        TRY(const QJsonValue object, describe(state, u"budgets[%1]"_s.arg(i)));
        array.append(object);
    }
    return array;
}

Result<QJsonValue> resetOne(BudgetService &budgets, const ResetCall &call)
{
    TRY(const std::optional<BudgetRestart> restart,
        budgets.reset(call.id, QString(masterKeyName), call.reason));
    return describe(restart ? std::optional(restart->state) : std::nullopt, idField);
}

Result<QJsonValue> describeResets(BudgetService &budgets, const QString &id)
{
    TRY(const std::vector<ports::ResetRecord> records, budgets.resets(id));
    QJsonArray array;
    for (const ports::ResetRecord &record : records) {
        array.append(resetJson(record));
    }
    return QJsonObject{{"resets"_L1, array}};
}

Result<QJsonValue> removeOne(BudgetService &budgets, const QString &id)
{
    TRY(const std::optional<BudgetState> state, budgets.find(id));
    TRY(const bool wasThere, budgets.remove(id));
    return describe(wasThere ? state : std::nullopt, u"id"_s);
}

} // namespace

Result<void> BudgetApi::allow(const ports::HttpRequest &request) const
{
    return requireMaster(m_parts.authenticator, m_parts.permissions, request);
}

void BudgetApi::create(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto wish = allow(request).and_then([&] { return readWish(request.body); });
    if (!wish) {
        sendError(*reply, wish.error());
        return;
    }
    const auto job = [&budgets = m_parts.budgets, wish = *wish]() -> Result<QJsonValue> {
        TRY(const BudgetState state, budgets.create(wish));
        return budgetJson(state);
    };
    answer(m_parts.background, std::move(reply), doneBy(masterOf(request), m_parts.seat, job));
}

void BudgetApi::update(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto change = allow(request).and_then([&] { return readChange(request.body); });
    if (!change) {
        sendError(*reply, change.error());
        return;
    }
    const auto job = [&budgets = m_parts.budgets, change = *change]() -> Result<QJsonValue> {
        TRY(const std::optional<BudgetState> state, budgets.update(change.id, change.patch));
        return describe(state, idField);
    };
    answer(m_parts.background, std::move(reply), doneBy(masterOf(request), m_parts.seat, job));
}

void BudgetApi::list(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    if (const auto allowed = allow(request); !allowed) {
        sendError(*reply, allowed.error());
        return;
    }
    answer(m_parts.background, std::move(reply),
           [&budgets = m_parts.budgets] { return describeAll(budgets); });
}

void BudgetApi::info(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto id = allow(request).and_then([&] { return readIdOfQuery(request.query); });
    if (!id) {
        sendError(*reply, id.error());
        return;
    }
    const auto job = [&budgets = m_parts.budgets, id = *id]() -> Result<QJsonValue> {
        TRY(const std::optional<BudgetState> state, budgets.find(id));
        return describe(state, idField);
    };
    answer(m_parts.background, std::move(reply), job);
}

void BudgetApi::infoOfMany(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto ids = allow(request).and_then([&] { return readIds(request.body); });
    if (!ids) {
        sendError(*reply, ids.error());
        return;
    }
    answer(m_parts.background, std::move(reply),
           [&budgets = m_parts.budgets, ids = *ids] { return describeEach(budgets, ids); });
}

void BudgetApi::reset(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto call = allow(request).and_then([&] { return readReset(request.body); });
    answerTo(call, std::move(reply), m_parts.background,
             doneBy(masterOf(request), m_parts.seat,
                    [&budgets = m_parts.budgets](const ResetCall &wanted) {
                        return resetOne(budgets, wanted);
                    }));
}

void BudgetApi::resets(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto id = allow(request).and_then([&] { return readIdOfQuery(request.query); });
    answerTo(id, std::move(reply), m_parts.background,
             [&budgets = m_parts.budgets](const QString &named) {
                 return describeResets(budgets, named);
             });
}

void BudgetApi::remove(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto id = allow(request).and_then([&] { return readId(request.body); });
    if (!id) {
        sendError(*reply, id.error());
        return;
    }
    answer(m_parts.background, std::move(reply),
           doneBy(masterOf(request), m_parts.seat,
                  [&budgets = m_parts.budgets, id = *id] { return removeOne(budgets, id); }));
}

} // namespace delta::admin

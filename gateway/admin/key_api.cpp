#include "gateway/admin/key_api.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/budget_json.h"
#include "gateway/admin/duration.h"
#include "gateway/admin/json_reply.h"
#include "gateway/admin/model_limits.h"
#include "gateway/admin/query_text.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

/// What /key/generate may say of the key's budget.
struct BudgetWish {
    std::optional<Money> maxBudget;
    std::optional<Money> softBudget;
    std::optional<Period> duration;
    std::optional<BudgetReset> reset;
    std::optional<QString> timeZone;

    bool operator==(const BudgetWish &) const = default;

    static constexpr auto fields()
    {
        return std::tuple{
            field("max_budget"_L1, &BudgetWish::maxBudget),
            field("soft_budget"_L1, &BudgetWish::softBudget),
            field("budget_duration"_L1, &BudgetWish::duration),
            field("budget_reset"_L1, &BudgetWish::reset),
            field("timezone"_L1, &BudgetWish::timeZone),
        };
    }
};

/// The body of /key/generate, but for `duration` and what it says of single models.
struct KeyWish {
    VirtualKey key;
    BudgetWish budget;
    std::vector<RateLimit> modelLimits; ///< Not in fields().

    static constexpr auto fields()
    {
        return std::tuple{
            inlined(&KeyWish::key),
            inlined(&KeyWish::budget),
        };
    }
};

/// Returns the budget that is wished for; nothing if none is.
std::optional<Budget> budgetOf(const BudgetWish &wish)
{
    if (wish == BudgetWish()) {
        return std::nullopt;
    }
    Budget budget;
    budget.maxBudget = wish.maxBudget;
    budget.softBudget = wish.softBudget;
    budget.duration = wish.duration;
    budget.reset = wish.reset.value_or(budget.reset);
    budget.timeZone = wish.timeZone.value_or(budget.timeZone);
    return budget;
}

Result<KeyWish> readWish(const QByteArray &body, WallTime now)
{
    KeyWish wish;
    if (body.trimmed().isEmpty()) {
        return wish;
    }
    TRY(QJsonObject object, readObject(body).transform(withoutNulls));
    const QJsonValue duration = object.take("duration"_L1);
    TRY(wish.modelLimits, takeModelLimits(object));
    TRY_VOID(applyPatch(object, wish));
    if (duration.isString() && wish.key.expiresAt) {
        return failure(ApiError::invalidRequest(
            u"'duration' and 'expires' both say when the key ends; send one of them."_s,
            u"duration"_s));
    }
    if (duration.isString()) {
        TRY(const std::chrono::seconds lifetime, readDuration(duration.toString()));
        wish.key.expiresAt = now + lifetime;
    } else if (!duration.isUndefined()) {
        return failure(ApiError::invalidRequest(u"'duration' must be a string such as \"30d\"."_s,
                                                u"duration"_s));
    }
    return wish;
}

/// Describes a key as LiteLLM does: `token` stands for what names the key without revealing it.
QJsonObject describe(const VirtualKey &key, const std::optional<limits::BudgetState> &budget,
                     const std::vector<RateLimit> &limits)
{
    QJsonObject object = toJson(key);
    object.insert("token"_L1, key.id);
    object.insert("key_name"_L1, u"sk-...%1"_s.arg(key.hint));
    addKeyBudget(object, budget);
    addModelLimits(object, limits);
    return object;
}

/// The body of /key/delete.
struct KeyNames {
    QStringList keys; ///< Ids or whole keys.
    QStringList aliases;

    static constexpr auto fields()
    {
        return std::tuple{
            field("keys"_L1, &KeyNames::keys),
            field("key_aliases"_L1, &KeyNames::aliases),
        };
    }
};

Result<KeyNames> readNames(const QByteArray &body)
{
    TRY(const QJsonObject object, readObject(body));
    TRY(KeyNames names, fromJson<KeyNames>(object));
    if (names.keys.isEmpty() && names.aliases.isEmpty()) {
        return failure(ApiError::invalidRequest(
            u"'keys' or 'key_aliases' must name at least one key."_s, u"keys"_s));
    }
    return names;
}

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

/// Finds all keys of a list, so that a list with a wrong name changes nothing.
Result<void> findAll(KeyService &keys, const QStringList &names, const QString &field,
                     QStringList &ids)
{
    for (qsizetype i = 0; i < names.size(); ++i) {
        TRY(const std::optional<VirtualKey> key, keys.find(names[i]));
        if (!key) {
            const QString place = u"%1[%2]"_s.arg(field).arg(i);
            return failure(
                keyNotFound(u"'%1' names no key; nothing was deleted."_s.arg(place), place));
        }
        ids.append(key->id);
    }
    return {};
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

void KeyApi::generate(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto wish = allow(request).and_then(
        [&] { return readWish(request.body, m_parts.clock.wall()); });
    if (!wish) {
        sendError(*reply, wish.error());
        return;
    }
    const auto job = [&keys = m_parts.keys, wish = *wish]() -> Result<QJsonValue> {
        TRY(const CreatedKey created,
            keys.create(wish.key, budgetOf(wish.budget), wish.modelLimits));
        QJsonObject object = describe(created.key, created.budget, created.limits);
        object.insert("key"_L1, QString::fromLatin1(created.secret.reveal()));
        return object;
    };
    answer(m_parts.background, std::move(reply), job);
}

void KeyApi::remove(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto names = allow(request).and_then([&] { return readNames(request.body); });
    if (!names) {
        sendError(*reply, names.error());
        return;
    }
    const auto job = [&keys = m_parts.keys, names = *names]() -> Result<QJsonValue> {
        QStringList ids;
        TRY_VOID(findAll(keys, names.keys, u"keys"_s, ids));
        TRY_VOID(findAll(keys, names.aliases, u"key_aliases"_s, ids));
        QJsonArray deleted;
        for (const QString &id : ids) {
            TRY(const bool wasThere, keys.revoke(id));
            if (wasThere) { // A key may be named twice.
                deleted.append(id);
            }
        }
        return QJsonObject{{"deleted_keys"_L1, deleted}};
    };
    answer(m_parts.background, std::move(reply), job);
}

void KeyApi::info(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    if (const auto allowed = allow(request); !allowed) {
        sendError(*reply, allowed.error());
        return;
    }
    const QString name = readQuery(request.query).queryItemValue(u"key"_s, QUrl::FullyDecoded);
    if (name.isEmpty()) {
        sendError(
            *reply,
            ApiError::invalidRequest(
                u"The query parameter 'key' must name a key by its id, its alias or its text."_s,
                u"key"_s));
        return;
    }
    const auto job = [&keys = m_parts.keys, name]() -> Result<QJsonValue> {
        TRY(const std::optional<VirtualKey> key, keys.find(name));
        if (!key) {
            return failure(keyNotFound(u"No key has that id, alias or text."_s, u"key"_s));
        }
        TRY(const std::optional<limits::BudgetState> budget, keys.budgetOf(key->id));
        TRY(const std::vector<RateLimit> limits, keys.limitsOf(key->id));
        return QJsonObject{{"key"_L1, key->id}, {"info"_L1, describe(*key, budget, limits)}};
    };
    answer(m_parts.background, std::move(reply), job);
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
           [&keys = m_parts.keys, name] { return resetBudgetsOf(keys, name); });
}

} // namespace delta::admin

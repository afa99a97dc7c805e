#include "gateway/admin/litellm/key_fields.h"

#include "gateway/admin/duration.h"
#include "gateway/admin/litellm/common_fields.h"
#include "gateway/admin/litellm/worked_out.h"
#include "shared/json/value_codec.h"

#include <array>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

QJsonValue showHint(const QJsonValue &value)
{
    return u"sk-...%1"_s.arg(value.toString());
}

constexpr std::array ownFields{
    shown("token"_L1, "key_id"_L1),
    FieldRow{
        .theirs = "key_name"_L1, .ours = "key_hint"_L1, .use = FieldUse::Shown, .show = showHint},
    FieldRow{.theirs = "key_alias"_L1, .ours = "name"_L1},
    FieldRow{.theirs = "team_id"_L1, .ours = "team_id"_L1},
    FieldRow{.theirs = "user_id"_L1, .ours = "user_id"_L1},
    FieldRow{.theirs = "organization_id"_L1, .ours = "organization_id"_L1},
    FieldRow{.theirs = "service_account_id"_L1, .ours = "service_account_id"_L1},
    FieldRow{.theirs = "models"_L1, .ours = "models"_L1, .take = takeModels},
    FieldRow{.theirs = "allowed_routes"_L1, .ours = "allowed_routes"_L1},
    FieldRow{.theirs = "tags"_L1, .ours = "tags"_L1},
    FieldRow{.theirs = "metadata"_L1, .ours = "metadata"_L1},
    FieldRow{.theirs = "expires"_L1, .ours = "expires_at"_L1},
    shown("blocked"_L1, "blocked"_L1),
    shown("spend"_L1, "spend"_L1),
    shown("last_used_at"_L1, "last_used_at"_L1),
    shown("created_by"_L1, "created_by"_L1),
    shown("created_at"_L1, "created_at"_L1),
    shown("updated_at"_L1, "updated_at"_L1),
    idle("aliases"_L1),
    idle("config"_L1),
    idle("permissions"_L1),
    idle("allowed_cache_controls"_L1),
    idle("enforced_params"_L1),
    idle("project_id"_L1),
    idle("agent_id"_L1),
    idle("send_invite_email"_L1),
    idle("key_type"_L1),
    idle("auto_rotate"_L1),
    idle("rotation_interval"_L1),
};
constexpr auto keyFields = joined(joined(ownFields, governanceFields), idleFields);

Result<QJsonObject> pageOf(const Steps &steps, const AdminCall &call, const KeyOwner &owner)
{
    QUrlQuery query = queryOf(owner.parameter, owner.id);
    query.addQueryItem(u"limit"_s, u"200"_s);
    return steps.ask(call, {.method = "GET", .pattern = "/ui/api/keys", .query = query});
}

} // namespace

const Kind &keyKind()
{
    static const Kind kind{
        .path = "/ui/api/keys"_ba, .parameter = "{key_id}"_ba, .fields = keyFields};
    return kind;
}

QJsonObject shownKey(const Steps &steps, const QJsonObject &ours)
{
    QJsonObject key = toTheirs(keyFields, ours);
    key.insert("budget_reset_at"_L1, budgetResetAt(ours, steps.now()));
    return key;
}

Result<QJsonArray> keysOf(const Steps &steps, const AdminCall &call, const KeyOwner &owner)
{
    const auto page = pageOf(steps, call, owner);
    if (!page && page.error().kind == ErrorKind::PermissionDenied) {
        return QJsonArray();
    }
    TRY(const QJsonObject found, page);
    QJsonArray keys;
    for (const auto &key : found.value("items"_L1).toArray()) {
        keys.append(shownKey(steps, key.toObject()));
    }
    return keys;
}

Result<void> removeWithKeys(const Steps &steps, const AdminCall &call, const Resource &owners,
                            const KeyOwner &owner)
{
    // Who may not remove the owner is told so, and not that there are keys.
    TRY_VOID(owners.admitRemoval(call, owner.id));
    for (;;) {
        TRY(const QJsonObject page, pageOf(steps, call, owner));
        const QJsonArray keys = page.value("items"_L1).toArray();
        if (keys.isEmpty()) {
            return owners.remove(call, owner.id);
        }
        for (const auto &key : keys) {
            TRY_VOID(Resource(steps, keyKind()).remove(call, key["key_id"_L1].toString()));
        }
    }
}

Result<QJsonValue> takeExpiry(const Steps &steps, QJsonObject &request)
{
    const QJsonValue duration = request.take("duration"_L1);
    if (duration.isNull() || duration.isUndefined()) {
        return QJsonValue();
    }
    if (!duration.isString()) {
        return failure(ApiError::invalidRequest(u"'duration' must be a text such as \"30d\"."_s,
                                                u"duration"_s));
    }
    TRY(const std::chrono::seconds lifetime, readDuration(duration.toString()));
    return JsonCodec<WallTime>::encode(steps.now() + lifetime);
}

} // namespace delta::admin::litellm

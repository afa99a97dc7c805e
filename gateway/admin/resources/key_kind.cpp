#include "gateway/admin/access/places.h"
#include "gateway/admin/resources/keys.h"
#include "gateway/admin/resources/self_service.h"
#include "gateway/auth/key_format.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

const GovernedScope scope{
    .budgets = BudgetScope::Key,
    .limits = RateScope::Key,
    .readOwn = [](ControlTables &tables,
                  const QStringList &ids) { return tables.keyTables.limitsOf(ids); },
    .writeOwn = [](ControlTables &tables, const QString &id,
                   const RateLimits &limits) { return tables.keyTables.setLimits(id, limits); }};

Placement placementOf(const ManagedKey &key)
{
    return {.organizationId = key.organizationId,
            .teamId = key.teamId,
            .userId = key.userId,
            .serviceAccountId = key.serviceAccountId};
}

/// A service account brings its team along, and a team its organisation.
Result<void> complete(ControlTables &tables, ManagedKey &key, const ManagedKey *before)
{
    const bool isSameOwner = before && before->teamId == key.teamId
        && before->organizationId == key.organizationId
        && before->serviceAccountId == key.serviceAccountId;
    if (isSameOwner) {
        return {};
    }
    if (before && before->teamId != key.teamId && before->organizationId == key.organizationId) {
        key.organizationId.clear(); // That of the team before.
    }
    QJsonObject owners;
    const auto add = [&owners](QLatin1StringView name, const QString &id) {
        if (!id.isEmpty()) {
            owners.insert(name, id);
        }
    };
    add("organization_id"_L1, key.organizationId);
    add("team_id"_L1, key.teamId);
    add("service_account_id"_L1, key.serviceAccountId);
    TRY(const Placement placement, placeOfBody(tables, Place::OfOwner, owners));
    key.organizationId = placement.organizationId;
    key.teamId = placement.teamId;
    return {};
}

std::unexpected<ApiError> noSuch(const QString &field, const QString &what)
{
    return failure(ApiError::invalidRequest(u"'%1' names no %2."_s.arg(field, what), field));
}

Result<void> checkOwners(ControlTables &tables, const ManagedKey &key)
{
    if (!key.organizationId.isEmpty()) {
        TRY(const auto organization, tables.organizations.find({key.organizationId}));
        if (!organization) {
            return noSuch(u"organization_id"_s, u"organisation"_s);
        }
    }
    if (!key.userId.isEmpty()) {
        TRY(const auto user, tables.users.find({key.userId}));
        if (!user) {
            return noSuch(u"user_id"_s, u"user"_s);
        }
    }
    if (key.serviceAccountId.isEmpty()) {
        return {};
    }
    TRY(const auto account, tables.serviceAccounts.find({key.serviceAccountId}));
    if (!account || account->teamId != key.teamId) {
        return failure(ApiError::invalidRequest(
            u"'service_account_id' names no service account of the key's team."_s,
            u"service_account_id"_s));
    }
    return {};
}

/// Whoever gives a key to others has to be allowed to make one there.
Result<void> checkMove(const AdminCall &call, const ManagedKey &key, const ManagedKey *before)
{
    const bool isMoved = before
        && (before->organizationId != key.organizationId || before->teamId != key.teamId
            || before->userId != key.userId || before->serviceAccountId != key.serviceAccountId);
    if (isMoved && !call.caller.may(Permission::KeyLimits, placementOf(key))) {
        ApiError error = ApiError::permissionDenied(u"You may not give a key to that owner."_s);
        error.param = before->teamId != key.teamId ? u"team_id"_s : u"user_id"_s;
        return failure(std::move(error));
    }
    return {};
}

/// Returns whether another key has the name already.
Result<bool> isTaken(ControlTables &tables, const ManagedKey &key)
{
    TRY(const auto other, tables.keys.find(key.name));
    return other && other->key.alias == key.name && other->key.id != key.id;
}

Result<void> check(const KeyRoom &room, ControlTables &tables, const AdminCall &call,
                   const ManagedKey &key, const ManagedKey *before)
{
    TRY_VOID(checkOwners(tables, key));
    TRY_VOID(checkMove(call, key, before));
    if (!before && key.expiresAt && *key.expiresAt <= room.room.clock.wall()) {
        return failure(
            ApiError::invalidRequest(u"'expires_at' must lie in the future."_s, u"expires_at"_s));
    }
    if (!key.name.isEmpty() && (!before || before->name != key.name)) {
        TRY(const bool taken, isTaken(tables, key));
        if (taken) {
            return failure(ApiError::conflict(
                u"Another key has that name already. Choose another name."_s, u"name"_s));
        }
    }
    return {};
}

QString stateOf(const ManagedKey &key, WallTime now)
{
    if (key.block.isBlocked) {
        return u"blocked"_s;
    }
    return key.expiresAt && *key.expiresAt <= now ? u"expired"_s : u"active"_s;
}

Result<std::vector<QJsonObject>> workOut(const KeyRoom &room, ControlTables &tables,
                                         std::span<const ManagedKey> keys)
{
    const WallTime now = room.room.clock.wall();
    const QStringList ids = textsOf(keys, &ManagedKey::id);
    TRY(const auto uses, tables.keyTables.usesOf(ids));
    TRY(const auto rotations, tables.keyTables.rotationsOf(ids, now));
    return jsonOfEach(keys, [&](const ManagedKey &key) {
        const store::KeyUse use = uses.value(key.id);
        const auto rotation = rotations.find(key.id);
        return QJsonObject{
            {"state"_L1, stateOf(key, now)},
            {"spend"_L1, JsonCodec<Money>::encode(use.spend)},
            {"last_used_at"_L1, JsonCodec<std::optional<WallTime>>::encode(use.lastUsedAt)},
            {"rotation"_L1, rotation == rotations.end() ? QJsonValue() : toJson(*rotation)}};
    });
}

Result<QJsonObject> issue(const KeyRoom &room, ControlTables &tables, const AdminCall &call,
                          ManagedKey &key)
{
    const auth::IssuedKey issued = auth::issueKey(room.room.random);
    key.id = QString::fromLatin1(issued.id);
    key.hint = QString::fromLatin1(issued.text.hint());
    key.createdBy = call.caller.name;
    const auth::KeyMac mac = room.pepper.mac(issued.text.reveal());
    TRY_VOID(tables.keyTables.issue(
        key, {reinterpret_cast<const char *>(mac.data()), static_cast<qsizetype>(mac.size())}));
    return QJsonObject{{"key"_L1, QString::fromLatin1(issued.text.reveal())}};
}

} // namespace

EntityKind<ManagedKey> keyKind(const KeyRoom &room)
{
    return {
        .name = "key"_L1,
        .path = "/ui/api/keys"_ba,
        .prefix = {},
        .id = &ManagedKey::id,
        .title = &ManagedKey::name,
        .block = &ManagedKey::block,
        .stamp = &ManagedKey::stamp,
        .read = Permission::KeyRead,
        .table = &ControlTables::managedKeys,
        .scope = scope,
        .place = [](ControlTables &, const ManagedKey &key) -> Result<Placement> {
            return placementOf(key);
        },
        .check =
            [room](ControlTables &tables, const AdminCall &call, const ManagedKey &key,
                   const ManagedKey *before) { return check(room, tables, call, key, before); },
        .admit =
            [room](ControlTables &tables, const AdminCall &call, const ManagedKey &key,
                   const Governance &governance) {
                return checkSelfService(tables, call, key, governance, room.room.clock.wall());
            },
        .leave = [](ControlTables &, const ManagedKey &) -> Result<void> { return {}; },
        .workOut = [room](ControlTables &tables,
                          std::span<const ManagedKey> keys) { return workOut(room, tables, keys); },
        .secret = {},
        .complete = [](ControlTables &tables, const Secret &, ManagedKey &key,
                       const ManagedKey *before) { return complete(tables, key, before); },
        .issue = [room](ControlTables &tables, const AdminCall &call,
                        ManagedKey &key) { return issue(room, tables, call, key); }};
}

} // namespace delta::admin

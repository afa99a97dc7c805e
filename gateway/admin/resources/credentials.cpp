#include "gateway/admin/resources/model_kinds.h"
#include "shared/json/redacted.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

constexpr qsizetype longestKey = 16 * 1024;

/// What a console shows in the place of a key must never become the key.
bool looksHidden(const QByteArray &key)
{
    return key == QByteArrayView(redactedText) || key.contains("***") || key.contains("\u2022");
}

Result<void> checkKey(const Secret &key)
{
    const QByteArray &bytes = key.reveal();
    const bool isPrintable = std::ranges::all_of(bytes, [](char c) { return c > ' ' && c < 0x7f; });
    if (bytes.size() > longestKey || !isPrintable) {
        return failure(ApiError::invalidRequest(
            u"'api_key' must be printable ASCII without blanks, at most %1 characters."_s.arg(
                longestKey),
            u"api_key"_s));
    }
    if (looksHidden(bytes)) {
        return failure(ApiError::invalidRequest(
            u"'api_key' looks like a key that was hidden; send the key itself, or leave it out."_s,
            u"api_key"_s));
    }
    return {};
}

/// Seals the key for where it may be sent. Another origin takes the key anew: whoever may change a credential may not
/// have its key sent to a server of theirs.
Result<void> keep(const ModelRoom &room, ControlTables &tables, const Secret &key,
                  Credential &object, const Credential *before)
{
    TRY(object.origin, room.maker.originOf(object));
    if (key.isEmpty()) {
        if (before && before->origin != object.origin && before->keySetAt) {
            return failure(ApiError::invalidRequest(
                u"'api_key' is needed with another 'origin' or 'provider': the kept one is for %1 only."_s
                    .arg(before->origin),
                u"api_key"_s));
        }
        return {};
    }
    TRY_VOID(checkKey(key));
    TRY(const QByteArray sealed, room.sealer.seal(key, routing::sealContext(object)));
    TRY_VOID(tables.models.putSecret(object.id, sealed));
    object.keyHint = QString::fromLatin1(key.hint());
    object.keySetAt = room.clock.wall();
    return {};
}

Result<void> leave(ControlTables &tables, const Credential &object)
{
    TRY(const qint64 users, tables.count("deployments/count_of_credential"_L1, object.id));
    if (users > 0) {
        return failure(ApiError::conflict(
            u"%1 deployments are called with it. Give them another credential, or remove them, first."_s
                .arg(users)));
    }
    return {};
}

Result<std::vector<QJsonObject>> workOut(ControlTables &tables, std::span<const Credential> objects)
{
    TRY(const auto users,
        tables.counts("deployments/count_of_credential"_L1, textsOf(objects, &Credential::id)));
    return jsonOfEach(objects, [&users](const Credential &object) {
        return QJsonObject{{"deployment_count"_L1, users.value(object.id)}};
    });
}

} // namespace

EntityKind<Credential> credentialKind(const ModelRoom &room)
{
    return {
        .name = "credential"_L1,
        .path = "/ui/api/credentials"_ba,
        .prefix = "cred-"_L1,
        .id = &Credential::id,
        .title = &Credential::name,
        .block = nullptr,
        .stamp = &Credential::stamp,
        .read = Permission::ConfigRead,
        .table = &ControlTables::credentials,
        .scope = std::nullopt,
        .place = [](ControlTables &, const Credential &) -> Result<Placement> { return {}; },
        .check = [](ControlTables &, const AdminCall &, const Credential &,
                    const Credential *) -> Result<void> { return {}; },
        .leave = leave,
        .workOut = workOut,
        .secret = "api_key"_L1,
        .complete =
            [room](ControlTables &tables, const Secret &key, Credential &object,
                   const Credential *before) { return keep(room, tables, key, object, before); }};
}

} // namespace delta::admin

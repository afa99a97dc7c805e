#include "gateway/admin/resources/model_kinds.h"
#include "shared/json/json_codec.h"
#include "shared/models/deployment_check.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

Result<void> checkSource(const StoredDeployment &object)
{
    if (object.source == DeploymentSource::Database) {
        return {};
    }
    return failure(ApiError::conflict(
        u"It is of the configuration file, which alone can change it: edit 'model_list' there."_s,
        u"source"_s));
}

/// A deployment that could not be called is refused now, with what is wrong, and not left out later.
Result<void> check(const ModelRoom &room, ControlTables &tables, const StoredDeployment &object,
                   const StoredDeployment *before)
{
    TRY_VOID(before ? checkSource(*before) : Result<void>());
    std::optional<Credential> credential;
    if (!object.credentialId.isEmpty()) {
        TRY(credential, tables.credentials.find({object.credentialId}));
        if (!credential || !credential->keySetAt) {
            return failure(ApiError::invalidRequest(
                credential
                    ? u"'credential_id' names a credential without a key; give it one first."_s
                    : u"'credential_id' names no credential."_s,
                u"credential_id"_s));
        }
    }
    return room.maker.make(object, credential ? &*credential : nullptr, Secret())
        .transform([](const routing::StoredEndpoint &) { });
}

Result<std::vector<QJsonObject>> workOut(ControlTables &tables,
                                         std::span<const StoredDeployment> objects)
{
    TRY(const auto checks, tables.models.checksOf(textsOf(objects, &StoredDeployment::id)));
    return jsonOfEach(objects, [&checks](const StoredDeployment &object) {
        const auto check = checks.find(object.id);
        return QJsonObject{
            {"last_check"_L1, check == checks.end() ? QJsonValue() : toJson(*check)}};
    });
}

} // namespace

EntityKind<StoredDeployment> deploymentKind(const ModelRoom &room)
{
    return {
        .name = "deployment"_L1,
        .path = "/ui/api/deployments"_ba,
        .prefix = "dep-"_L1,
        .id = &StoredDeployment::id,
        .title = &StoredDeployment::modelName,
        .block = nullptr,
        .stamp = &StoredDeployment::stamp,
        .read = Permission::ConfigRead,
        .table = &ControlTables::deployments,
        .scope = std::nullopt,
        .place = [](ControlTables &, const StoredDeployment &) -> Result<Placement> { return {}; },
        .check =
            [room](ControlTables &tables, const AdminCall &, const StoredDeployment &object,
                   const StoredDeployment *before) { return check(room, tables, object, before); },
        .leave = [](ControlTables &,
                    const StoredDeployment &object) { return checkSource(object); },
        .workOut = workOut};
}

} // namespace delta::admin

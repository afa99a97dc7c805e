#include "gateway/admin/resources/deployment_tests.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/contract/model_errand.h"
#include "gateway/store/control_tables.h"
#include "shared/json/json_codec.h"
#include "shared/models/deployment_check.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <memory>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

constexpr qsizetype longestError = 1000;
/// Reasoning models refuse fewer.
constexpr int answerTokens = 16;

bool isEmbedding(const StoredDeployment &deployment)
{
    return deployment.mode == u"embedding"_s;
}

/// As small a question as there is.
QByteArray questionFor(const StoredDeployment &deployment)
{
    QJsonObject body{{"model"_L1, deployment.modelName}};
    if (isEmbedding(deployment)) {
        body.insert("input"_L1, u"ping"_s);
    } else {
        body.insert("messages"_L1,
                    QJsonArray{QJsonObject{{"role"_L1, u"user"_s}, {"content"_L1, u"Say OK."_s}}});
        body.insert("max_tokens"_L1, answerTokens);
    }
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

DeploymentCheck checkOf(const QString &id, int status, const QByteArray &body,
                        std::chrono::microseconds took, WallTime now)
{
    constexpr int ok = 200;
    DeploymentCheck check{.deploymentId = id,
                          .checkedAt = now,
                          .isOk = status == ok,
                          .status = status,
                          .latencyMs = std::chrono::ceil<std::chrono::milliseconds>(took).count(),
                          .error = {}};
    if (!check.isOk) {
        const QJsonObject error = QJsonDocument::fromJson(body)["error"_L1].toObject();
        const QString message = error.value("message"_L1).toString();
        check.error = message.isEmpty() ? u"The answer was cut short."_s
                                        : message.left(longestError);
    }
    return check;
}

/// Tests count for whoever holds the master key, whose budgets are those of all calls only.
auth::Principal tester(const AdminCall &call)
{
    return {.kind = auth::PrincipalKind::Master,
            .keyId = "master",
            .userId = call.caller.kind == CallerKind::User ? call.caller.id.toUtf8() : QByteArray(),
            .teamId = {},
            .organizationId = {},
            .key = nullptr};
}

Answer errandFor(const AdminCall &call, const StoredDeployment &deployment,
                 std::shared_ptr<const ports::Endpoint> endpoint,
                 decltype(ModelErrand::conclude) conclude)
{
    Answer answer;
    answer.errand = std::make_shared<const ModelErrand>(ModelErrand{
        tester(call),
        isEmbedding(deployment) ? openai::Operation::Embedding : openai::Operation::ChatCompletion,
        endpoint ? QByteArray() : deployment.id.toUtf8(), std::move(endpoint),
        questionFor(deployment), std::move(conclude)});
    return answer;
}

Result<Answer> testKept(const DeploymentTestParts &parts, const AdminCall &call)
{
    std::optional<StoredDeployment> found;
    TRY_VOID(parts.room.store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(found, tables.deployments.find({call.pathText(0)}));
        return {};
    }));
    if (!found) {
        return failure(ApiError::notFound(u"There is no such deployment."_s, u"deployment_id"_s,
                                          u"deployment_not_found"_s));
    }
    return errandFor(
        call, *found, nullptr,
        [room = &parts.room, id = found->id](int status, const QByteArray &body,
                                             std::chrono::microseconds took) -> Result<Answer> {
            const auto check = checkOf(id, status, body, took, room->clock.wall());
            TRY_VOID(room->store.change(
                [&check](store::ControlTables &tables) { return tables.models.putCheck(check); }));
            return jsonAnswer(toJson(check));
        });
}

/// Opens the key of a credential; an empty one if none is named.
Result<std::pair<std::optional<Credential>, Secret>> credentialOf(const DeploymentTestParts &parts,
                                                                  const QString &id)
{
    std::optional<Credential> credential;
    std::optional<QByteArray> sealed;
    if (id.isEmpty()) {
        return std::pair(credential, Secret());
    }
    TRY_VOID(parts.room.store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(credential, tables.credentials.find({id}));
        TRY(sealed, tables.models.secretOf(id));
        return {};
    }));
    if (!credential || !sealed) {
        return failure(ApiError::invalidRequest(
            u"'credential_id' names no credential with a key."_s, u"credential_id"_s));
    }
    TRY(Secret key, parts.sealer.open(*sealed, routing::sealContext(*credential)));
    return std::pair(credential, std::move(key));
}

Result<Answer> testUnkept(const DeploymentTestParts &parts, const AdminCall &call)
{
    StoredDeployment wish;
    TRY_VOID(applyPatch(withoutNulls(call.body), wish));
    wish.id = wish.id.isEmpty() ? u"test"_s : wish.id;
    TRY_VOID(wish.validate());
    TRY(const auto credential, credentialOf(parts, wish.credentialId));
    TRY(const routing::StoredEndpoint made,
        parts.maker.make(wish, credential.first ? &*credential.first : nullptr, credential.second));
    return errandFor(
        call, wish, std::make_shared<const ports::Endpoint>(made.within({}, {})),
        [room = &parts.room, id = wish.id](int status, const QByteArray &body,
                                           std::chrono::microseconds took) -> Result<Answer> {
            return jsonAnswer(toJson(checkOf(id, status, body, took, room->clock.wall())));
        });
}

} // namespace

std::vector<AdminRoute> deploymentTestRoutes(const DeploymentTestParts &parts)
{
    return {{"POST", "/ui/api/deployments/test",
             [parts](const AdminCall &call) { return testUnkept(parts, call); }},
            {"POST", "/ui/api/deployments/{deployment_id}/test",
             [parts](const AdminCall &call) { return testKept(parts, call); }}};
}

} // namespace delta::admin

#include "gateway/admin/litellm/model_routes.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/litellm/model_fields.h"
#include "gateway/admin/litellm/resource.h"
#include "gateway/admin/query_values.h"

#include <QUrl>

#include <array>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

constexpr auto idField = "deployment_id"_L1;

/// Of the key that came with a deployment, and so is its alone.
QString credentialOf(const QString &deploymentId)
{
    return u"model-"_s + deploymentId;
}

/// Returns the server of an address, which alone a key may be sent to; empty for the provider's own.
QString originOf(const QString &apiBase)
{
    const QUrl url(apiBase);
    const QString port = url.port() < 0 ? QString() : u":%1"_s.arg(url.port());
    return url.host().isEmpty() ? QString() : url.scheme() + u"://"_s + url.host() + port;
}

Result<QJsonObject> find(const Steps &steps, const AdminCall &call, const QString &id)
{
    return Resource(steps, deploymentKind()).show(call, id).transform_error(modelError);
}

Result<QJsonObject> change(const Steps &steps, const AdminCall &call, const QString &id,
                           const QJsonObject &ours)
{
    const Step step{
        .method = "PATCH", .pattern = deploymentKind().one(), .path = {id.toUtf8()}, .body = ours};
    return steps.ask(call, step).transform_error(modelError);
}

/// Keeps a key as the credential of a deployment of ours, and has it called with that.
Result<QJsonObject> keepKey(const Steps &steps, const AdminCall &call, const QJsonObject &ours,
                            const QString &apiKey)
{
    const QString id = ours.value(idField).toString();
    const QString credential = credentialOf(id);
    const QString provider = ours.value("provider"_L1).toString();
    QJsonObject body{{"api_key"_L1, apiKey}};
    if (const QString origin = originOf(ours.value("api_base"_L1).toString()); !origin.isEmpty()) {
        body.insert("origin"_L1, origin);
    }
    if (ours.value("credential_id"_L1) == credential) {
        return steps
            .ask(call,
                 {.method = "PATCH",
                  .pattern = "/ui/api/credentials/{credential_id}",
                  .path = {credential.toUtf8()},
                  .body = body})
            .transform([&ours](const QJsonObject &) { return ours; })
            .transform_error(modelError);
    }
    body.insert("credential_id"_L1, credential);
    body.insert("name"_L1, u"Key of the deployment "_s + id);
    body.insert("provider"_L1,
                provider.isEmpty() ? ours.value("model"_L1).toString().section(u'/', 0, 0)
                                   : provider);
    TRY_VOID(steps.ask(call, {.method = "POST", .pattern = "/ui/api/credentials", .body = body})
                 .transform_error(modelError));
    return change(steps, call, id, {{"credential_id"_L1, credential}});
}

QJsonObject answerOf(const QJsonObject &ours)
{
    QJsonObject model = shownModel(ours);
    model.insert("model_id"_L1, ours.value(idField));
    return model;
}

Result<Answer> create(const Steps &steps, const AdminCall &call)
{
    TRY(ModelRequest request, readModelRequest(withoutNulls(call.body), nullptr));
    if (!request.id.isEmpty()) {
        request.ours.insert(idField, request.id);
    }
    return steps.together([&]() -> Result<Answer> {
        const Step step{.method = "POST", .pattern = deploymentKind().path, .body = request.ours};
        TRY(QJsonObject ours, steps.ask(call, step).transform_error(modelError));
        if (!request.apiKey.isEmpty()) {
            TRY(ours, keepKey(steps, call, ours, request.apiKey));
        }
        return jsonAnswer(answerOf(ours));
    });
}

Result<Answer> update(const Steps &steps, const AdminCall &call)
{
    const QString id = call.body.value("model_info"_L1)["id"_L1].toString();
    if (id.isEmpty()) {
        return failure(ApiError::invalidRequest(u"'model_info.id' must name the deployment."_s,
                                                u"model_info.id"_s));
    }
    return steps.together([&]() -> Result<Answer> {
        TRY(const QJsonObject before, find(steps, call, id));
        TRY(const ModelRequest request, readModelRequest(call.body, &before));
        TRY(QJsonObject ours, change(steps, call, id, request.ours));
        if (!request.apiKey.isEmpty()) {
            TRY(ours, keepKey(steps, call, ours, request.apiKey));
        }
        return jsonAnswer(answerOf(ours));
    });
}

/// A key that came with the deployment goes with it.
Result<Answer> remove(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(const QString id, takeText(request, "id"_L1));
    TRY_VOID(checkRest(request, {u"id"_s}));
    return steps.together([&]() -> Result<Answer> {
        TRY(const QJsonObject ours, find(steps, call, id));
        TRY_VOID(Resource(steps, deploymentKind()).remove(call, id).transform_error(modelError));
        const QString credential = credentialOf(id);
        if (ours.value("credential_id"_L1) == credential) {
            const QByteArray pattern = "/ui/api/credentials/{credential_id}";
            TRY(const QJsonObject kept,
                steps.ask(call,
                          {.method = "GET", .pattern = pattern, .path = {credential.toUtf8()}}));
            if (kept.value("deployment_count"_L1).toInteger() == 0) {
                TRY_VOID(steps.ask(
                    call, {.method = "DELETE", .pattern = pattern, .path = {credential.toUtf8()}}));
            }
        }
        return jsonAnswer(QJsonObject{{"message"_L1, u"Model: %1 deleted successfully"_s.arg(id)}});
    });
}

/// Returns all deployments of ours.
Result<QJsonArray> all(const Steps &steps, const AdminCall &call, const QUrlQuery &filters)
{
    QJsonArray found;
    for (PageWish wish;; ++wish.page) {
        TRY(const CountedPage page, Resource(steps, deploymentKind()).list(call, wish, filters));
        for (const auto &deployment : page.items) {
            found.append(deployment);
        }
        if (page.items.size() < wish.size) {
            return found;
        }
    }
}

Result<Answer> info(const Steps &steps, const AdminCall &call)
{
    static constexpr auto name = "litellm_model_id"_L1;
    TRY_VOID(checkNames(call.query, std::array{name}));
    const QString id = call.query.queryItemValue(name, QUrl::FullyDecoded);
    QJsonArray ours;
    if (id.isEmpty()) {
        TRY(ours, all(steps, call, {}));
    } else {
        TRY(const QJsonObject one, find(steps, call, id));
        ours.append(one);
    }
    QJsonArray models;
    for (const auto &deployment : std::as_const(ours)) {
        models.append(shownModel(deployment.toObject()));
    }
    return jsonAnswer(QJsonObject{{"data"_L1, models}});
}

Result<Answer> groupInfo(const Steps &steps, const AdminCall &call)
{
    static constexpr auto name = "model_group"_L1;
    TRY_VOID(checkNames(call.query, std::array{name}));
    const QString group = call.query.queryItemValue(name);
    TRY(const QJsonArray ours,
        all(steps, call,
            group.isEmpty() ? QUrlQuery()
                            : queryOf("model_name"_L1, QUrl::fromPercentEncoding(group.toUtf8()))));
    return jsonAnswer(QJsonObject{{"data"_L1, shownGroups(ours)}});
}

} // namespace

std::vector<AdminRoute> modelRoutes(const Steps &steps)
{
    return routesOf(steps,
                    {{"POST", "/model/new", create},
                     {"POST", "/model/update", update},
                     {"POST", "/model/delete", remove},
                     {"GET", "/model/info", info},
                     {"GET", "/v1/model/info", info},
                     {"GET", "/model_group/info", groupInfo}});
}

} // namespace delta::admin::litellm

#pragma once

#include "gateway/admin/litellm/field_map.h"
#include "gateway/admin/litellm/resource.h"

#include <QJsonObject>

namespace delta::admin::litellm {

/// How LiteLLM has a deployment: a name, what it is called with, and what is known of it.
struct ModelRequest {
    QJsonObject ours; ///< A body of ours, but for the credential.
    QString id;       ///< `model_info.id`; empty: none is given.
    QString apiKey;   ///< Empty: none is given.
};

/// Where our deployments are. Its fields are of no use: they lie in three tables.
[[nodiscard]] const Kind &deploymentKind();

/// Reads a request to make a deployment, or to change one of which `before` is what it has; null where it is new.
/// Errors: InvalidRequest, Unsupported naming the field as "litellm_params.model".
[[nodiscard]] Result<ModelRequest> readModelRequest(const QJsonObject &request,
                                                    const QJsonObject *before);

/// Says an error about our fields by those of the request.
[[nodiscard]] ApiError modelError(ApiError error);

/// Shows a deployment of ours. No key is in it.
[[nodiscard]] QJsonObject shownModel(const QJsonObject &ours);

/// Shows deployments of ours by the public name that they share.
[[nodiscard]] QJsonArray shownGroups(const QJsonArray &ours);

} // namespace delta::admin::litellm

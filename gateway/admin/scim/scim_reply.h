#pragma once

#include "gateway/admin/contract/answer.h"
#include "gateway/admin/scim/scim_schema.h"
#include "gateway/ports/http_request.h"
#include "shared/core/result.h"
#include "shared/models/entity_stamp.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QtTypes>

namespace delta::admin::scim {

/// Returns the version of a resource: a weak ETag, such as W/"7".
[[nodiscard]] QByteArray versionOf(qint64 revision);

/// Checks that a resource still has a version that the client knows (If-Match). Tags are compared weakly, as RFC 7644
/// §3.14 has them. Errors: PreconditionFailed.
[[nodiscard]] Result<void> checkVersion(const ports::HttpRequest &request, qint64 revision);

/// Says whether the client has this version already (If-None-Match).
[[nodiscard]] bool isKnownVersion(const ports::HttpRequest &request, qint64 revision);

/// Returns where a resource is.
[[nodiscard]] QString locationOf(const ResourceType &type, const QString &id);

/// Returns the `meta` of a resource.
[[nodiscard]] QJsonObject metaOf(const ResourceType &type, const QString &id,
                                 const EntityStamp &stamp);

/// Makes an answer of the media type of SCIM. Never kept by caches.
[[nodiscard]] Answer scimAnswer(const QJsonObject &body, int status = 200);

/// Makes the answer that is a resource, with its version, and where it is new its place.
[[nodiscard]] Answer resourceAnswer(const QJsonObject &resource, int status = 200);

} // namespace delta::admin::scim

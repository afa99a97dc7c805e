#pragma once

#include "gateway/admin/litellm/resource.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QLatin1StringView>
#include <QString>

namespace delta::admin::litellm {

/// Whose keys are meant: a parameter of our list, "team_id" or "user_id", and its value.
struct KeyOwner {
    QLatin1StringView parameter;
    QString id;
};

/// How LiteLLM calls the fields of a key.
[[nodiscard]] const Kind &keyKind();

/// Shows a key of ours: under `token`, which never reveals it, the id by which all of LiteLLM's routes find it, too.
[[nodiscard]] QJsonObject shownKey(const Steps &steps, const QJsonObject &ours);

/// Returns keys of somebody, at most two hundred; none to those who may not see keys. Errors: those of the list.
[[nodiscard]] Result<QJsonArray> keysOf(const Steps &steps, const AdminCall &call,
                                        const KeyOwner &owner);

/// Removes an owner and all of its keys, as LiteLLM does. Within Steps::together(). Errors: those of the routes.
[[nodiscard]] Result<void> removeWithKeys(const Steps &steps, const AdminCall &call,
                                          const Resource &owners, const KeyOwner &owner);

/// Takes `duration` out of a request, a time from now such as "30d", and makes the moment of it for our keys; null if
/// it is missing or null. Errors: InvalidRequest naming it.
[[nodiscard]] Result<QJsonValue> takeExpiry(const Steps &steps, QJsonObject &request);

} // namespace delta::admin::litellm

#pragma once

#include "gateway/admin/litellm/steps.h"

#include <QJsonObject>
#include <QString>

namespace delta::admin::litellm {

/// Takes out of a request what it says of a key's limits for single models: maps of their names. A map that is null is
/// empty. Errors: InvalidRequest naming the field.
[[nodiscard]] Result<QJsonObject> takeModelMaps(QJsonObject &request);

/// Sets a key's limits for single models, which are no part of it: each map in the place of that which it has. Notes it
/// in the audit log. Within Steps::together(), once a step let the caller change the key.
/// Errors: InvalidRequest naming the field; StoreUnavailable.
[[nodiscard]] Result<void> setModelLimits(const Steps &steps, const AdminCall &call,
                                          const QJsonObject &key, const QJsonObject &maps);

/// Adds a key's limits for single models to what is shown of it. Errors: StoreUnavailable.
[[nodiscard]] Result<QJsonObject> withModelLimits(const Steps &steps, QJsonObject shown,
                                                  const QString &keyId);

} // namespace delta::admin::litellm

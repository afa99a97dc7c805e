#pragma once

#include "gateway/secrets/secret_manager.h"

#include <QByteArrayView>
#include <QJsonObject>
#include <QString>

namespace delta::secrets {

/// Returns one field of a secret that is a JSON object. A text is taken as it is, any other value as JSON.
/// Errors: it is no JSON object, or has no such field; both name the field and show nothing of the secret.
[[nodiscard]] FoundSecret jsonField(const Secret &secret, const QString &field);

/// Returns a text of an answer. Errors: there is none; `manager` says whose answer it is.
[[nodiscard]] FoundSecret textOf(const QJsonValue &value, const QString &manager);

} // namespace delta::secrets

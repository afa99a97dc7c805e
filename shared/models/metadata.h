#pragma once

#include "shared/core/result.h"

#include <QJsonObject>
#include <QString>

namespace delta {

/// Checks the client's own notes on an object, which are kept as they are: at most 16 KiB of JSON.
/// Errors: InvalidRequest naming `path`.
[[nodiscard]] Result<void> checkMetadata(const QJsonObject &metadata, const QString &path);

} // namespace delta

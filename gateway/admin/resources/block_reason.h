#pragma once

#include "shared/core/result.h"

#include <QJsonObject>
#include <QString>

namespace delta::admin {

/// Reads the body of a command that blocks somebody: `reason`, a text for people, which may be absent.
/// Errors: InvalidRequest naming the field.
[[nodiscard]] Result<QString> readBlockReason(const QJsonObject &body);

} // namespace delta::admin

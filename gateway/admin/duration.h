#pragma once

#include "shared/core/result.h"

#include <QString>
#include <QStringView>

#include <chrono>

namespace delta::admin {

/// Reads a length of time as LiteLLM spells it: a whole number and s, m, h, d, w or mo (30 days),
/// e.g. "30d".
/// Errors: InvalidRequest naming `field` and the form it must have.
[[nodiscard]] Result<std::chrono::seconds> readDuration(
    QStringView text, const QString &field = QStringLiteral("duration"));

} // namespace delta::admin

#pragma once

#include "shared/core/result.h"

#include <QStringView>

#include <chrono>

namespace delta::admin {

/// Reads a length of time as LiteLLM spells it: a whole number and s, m, h, d, w or mo (30 days),
/// e.g. "30d".
/// Errors: InvalidRequest naming `duration` and the form it must have.
[[nodiscard]] Result<std::chrono::seconds> readDuration(QStringView text);

} // namespace delta::admin

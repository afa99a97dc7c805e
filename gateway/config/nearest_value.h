#pragma once

#include "gateway/config/value.h"

#include <QStringList>

namespace delta::config {

/// Returns the value at a path of keys, or the last map on the way to it: where to report what is wrong
/// with a setting that may have been left out.
[[nodiscard]] Value nearestValue(const Value &root, const QStringList &path);

} // namespace delta::config

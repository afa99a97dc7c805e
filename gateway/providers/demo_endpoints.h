#pragma once

#include "gateway/ports/endpoint.h"

#include <QProcessEnvironment>

#include <vector>

namespace delta::providers {

/// Returns what a gateway without any configured model offers: the built-in `demo` model, and the
/// common models of each provider whose usual key variable is set.
[[nodiscard]] std::vector<ports::Endpoint> demoEndpoints(const QProcessEnvironment &environment);

} // namespace delta::providers

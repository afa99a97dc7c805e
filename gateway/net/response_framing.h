#pragma once

#include "gateway/ports/upstream_client.h"

#include <QString>

#include <optional>

namespace delta::net {

/// Says why the framing fields of a response contradict each other or themselves, for the log;
/// nothing if they do not. Stricter than it has to be: any doubt about where a response ends would
/// let one tenant's response run into the next one's.
/// Source: RFC 9112 sections 6.1 and 6.3.
[[nodiscard]] std::optional<QString> framingProblem(const ports::UpstreamHead &head);

} // namespace delta::net

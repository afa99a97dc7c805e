#pragma once

#include "gateway/ports/http_request.h"

namespace delta::http {

/// Says whether a browser asks with this request whether it may send another one.
/// Source: Fetch Standard, "CORS-preflight request".
[[nodiscard]] bool isPreflight(const ports::HttpRequest &request);

/// Says yes to a preflight. Which origin may ask is the edge's header, which every reply carries.
void sendPreflight(const ports::HttpRequest &request, ports::HttpReply &reply);

} // namespace delta::http

#pragma once

#include "gateway/ports/http_request.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace delta::identity {

/// Returns the value of a cookie that a request comes with. Nothing: it has none of that name, or more than one, of
/// which a neighbour may have planted one.
[[nodiscard]] std::optional<QByteArray> cookieOf(const ports::HttpRequest &request,
                                                 QByteArrayView name);

} // namespace delta::identity

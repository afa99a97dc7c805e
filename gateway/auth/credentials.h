#pragma once

#include "gateway/ports/http_request.h"
#include "shared/core/result.h"

#include <QByteArrayView>

namespace delta::auth {

/// Returns the credential that the request carries: that of `Authorization: Bearer`, else of
/// `x-api-key`, else of `api-key`; empty fields count as absent. The view points into the request.
/// Errors: InvalidApiKey, saying what to send, if there is none or Authorization has another form.
[[nodiscard]] Result<QByteArrayView> findCredential(const ports::HttpRequest &request);

} // namespace delta::auth

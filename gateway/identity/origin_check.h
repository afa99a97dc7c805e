#pragma once

#include "gateway/ports/http_request.h"
#include "shared/core/result.h"

#include <QByteArrayList>

namespace delta::identity {

/// Lets a request pass that a page of our own may have sent: any that only reads, and of the others those whose
/// Origin is one of `origins` ("https://gateway.example.com") or, if there are none, the host that was asked; or
/// without an Origin those that the browser itself calls same-origin. One that says nothing of where it comes from
/// does not pass. For requests that come with a session or ask for one; keys are not sent by themselves.
/// Errors: PermissionDenied.
[[nodiscard]] Result<void> requireOwnOrigin(const ports::HttpRequest &request,
                                            const QByteArrayList &origins);

} // namespace delta::identity

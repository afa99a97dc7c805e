#pragma once

#include "gateway/ports/http_request.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QtTypes>

namespace delta::admin {

/// Returns the ETag of a revision, e.g. "7" with its quotes (RFC 9110 §8.8.3).
[[nodiscard]] QByteArray revisionTag(qint64 revision);

/// Checks that an object still has a revision that the client knows: any of those in If-Match. A request without
/// it is let through, and so is "*". Errors: PreconditionFailed; InvalidRequest if the field is malformed.
[[nodiscard]] Result<void> checkRevision(const ports::HttpRequest &request, qint64 revision);

/// Says whether the client has this revision already (If-None-Match).
[[nodiscard]] bool isKnownRevision(const ports::HttpRequest &request, qint64 revision);

} // namespace delta::admin

#pragma once

#include "gateway/ports/http_request.h"
#include "shared/core/result.h"

#include <QString>

#include <optional>

namespace delta::admin {

/// What a session proves.
struct SessionFacts {
    QString sessionId;
    QString userId;
    bool isFresh = false; ///< The user showed within the last minutes who they are.
};

/// Knows the sessions of the consoles. Called on the thread that owns the store.
class SessionSource
{
public:
    virtual ~SessionSource() = default;
    /// Returns the session whose cookie a request carries; nothing if it carries none.
    /// Errors: LoginRequired if it is over or unknown; PermissionDenied if the request comes from another site, or
    /// changes something without the session's token against that; StoreUnavailable.
    [[nodiscard]] virtual Result<std::optional<SessionFacts>> sessionOf(
        const ports::HttpRequest &request) = 0;
};

} // namespace delta::admin

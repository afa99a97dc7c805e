#pragma once

#include "gateway/admin/access/caller.h"
#include "gateway/admin/access/session_source.h"
#include "gateway/auth/authenticator.h"
#include "gateway/ports/http_request.h"
#include "gateway/store/store.h"
#include "shared/core/result.h"

namespace delta::admin {

/// Who asks, and how they proved it.
struct FoundCaller {
    Caller caller;
    bool isFresh = true; ///< Of a session: see SessionFacts. Others prove it with each request.
};

/// Says whether a request brings a key or a token itself, which no browser does on behalf of another site.
[[nodiscard]] bool carriesCredential(const ports::HttpRequest &request);

/// Finds out who asks the admin API, and where they have which role. Called on the thread that owns the store.
class CallerFinder
{
public:
    /// Borrowed; outlives the finder.
    struct Parts {
        const auth::Authenticator &authenticator;
        store::Store &store;
        SessionSource *sessions = nullptr; ///< Null: there are no sessions here.
    };

    explicit CallerFinder(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// Returns who sent a request: by a credential in a header if there is one, else by a session. Nobody if it has
    /// neither. Errors: those of Authenticator::identify() and SessionSource::sessionOf(); PermissionDenied for
    /// somebody who is blocked.
    [[nodiscard]] Result<FoundCaller> find(const ports::HttpRequest &request);

private:
    [[nodiscard]] Result<Caller> ofCredential(const ports::HttpRequest &request);
    [[nodiscard]] Result<Caller> ofUser(const SessionFacts &session);

    Parts m_parts;
};

} // namespace delta::admin

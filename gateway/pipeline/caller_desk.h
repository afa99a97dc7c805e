#pragma once

#include "gateway/auth/authenticator.h"
#include "gateway/auth/hook/hook_authenticator.h"
#include "gateway/net/event_loop.h"
#include "gateway/pipeline/task.h"
#include "gateway/ports/http_request.h"
#include "shared/core/result.h"

#include <optional>

namespace delta::pipeline {

/// Where requests of one loop thread learn who sent them, also from somebody outside. One per loop thread.
class CallerDesk
{
public:
    struct Parts {
        const auth::Authenticator &authenticator;
        auth::HookAuthenticator
            *hook; ///< Null: nobody outside is asked. Its threads end before the loop does.
        net::EventLoop &loop; ///< The thread's own.
    };

    explicit CallerDesk(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// Returns the caller, if that needs no waiting; virtual keys, tokens and the master key never do.
    /// Errors: those of Authenticator::identify() and HookAuthenticator::known().
    [[nodiscard]] std::optional<Result<auth::Principal>> identify(
        const ports::HttpRequest &request) const;
    /// Asks outside, after identify() returned nothing. Errors: those of HookAuthenticator::ask() and
    /// OwnerDirectory::admit().
    [[nodiscard]] Task<Result<auth::Principal>> identifyLater(
        const ports::HttpRequest &request) const;

private:
    const Parts m_parts;
};

} // namespace delta::pipeline

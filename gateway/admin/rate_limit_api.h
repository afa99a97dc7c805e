#pragma once

#include "gateway/admin/rate_limit_service.h"
#include "gateway/auth/authenticator.h"
#include "gateway/auth/permissions.h"
#include "gateway/ports/actor_seat.h"
#include "gateway/ports/background.h"
#include "gateway/ports/http_request.h"

#include <memory>

namespace delta::admin {

/// Rate limits of every scope. All of it needs the master key. A limit is named by `scope`, `scope_id`,
/// `member_id` and `model`, and answered with all fields of RateLimit; one that is not there with 404 and
/// `rate_limit_not_found`. One per loop thread.
class RateLimitApi
{
public:
    struct Parts {
        const auth::Authenticator &authenticator;
        const auth::Permissions &permissions;
        RateLimitService &limits; ///< Used on the background thread only.
        ports::Background &background;
        ports::ActorSeat &seat; ///< Of the store; used likewise.
    };

    explicit RateLimitApi(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// POST /rate_limit/set: changes a limit, or makes it if it is not there. A field that is absent stays
    /// as it is, null takes that limit away; one at least must be left.
    void set(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// GET /rate_limit/list: all `rate_limits`, by scope, id, member and model.
    void list(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// GET /rate_limit/info?scope=…&scope_id=…: one limit.
    void info(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// POST /rate_limit/delete: removes a limit, and answers with it as it was.
    void remove(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);

private:
    [[nodiscard]] Result<void> allow(const ports::HttpRequest &request) const;

    Parts m_parts;
};

} // namespace delta::admin

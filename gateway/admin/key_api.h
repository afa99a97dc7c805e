#pragma once

#include "gateway/admin/key_service.h"
#include "gateway/auth/authenticator.h"
#include "gateway/auth/permissions.h"
#include "gateway/ports/actor_seat.h"
#include "gateway/ports/background.h"
#include "gateway/ports/http_request.h"

#include <memory>

namespace delta::admin {

/// Key management in the shape that LiteLLM gave it. All of it needs the master key.
/// One per loop thread.
class KeyApi
{
public:
    struct Parts {
        const auth::Authenticator &authenticator;
        const auth::Permissions &permissions;
        KeyService &keys; ///< Used on the background thread only.
        ports::Background &background;
        ports::ActorSeat &seat; ///< Of the store; used likewise.
    };

    explicit KeyApi(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// POST /key/{key}/reset_spend with `reset_to`: 0, as LiteLLM has it: has all budgets of the key begin anew, which
    /// is named by its id, alias or text; 404 if there is no such key or it has no budget. What the key has spent stays as it is.
    void resetSpend(const ports::HttpRequest &request, std::unique_ptr<ports::HttpReply> reply,
                    const QString &name);

private:
    [[nodiscard]] Result<void> allow(const ports::HttpRequest &request) const;

    Parts m_parts;
};

} // namespace delta::admin

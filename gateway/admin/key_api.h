#pragma once

#include "gateway/admin/key_service.h"
#include "gateway/auth/authenticator.h"
#include "gateway/auth/permissions.h"
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
        const Clock &clock;
    };

    explicit KeyApi(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// POST /key/generate: makes a key; the answer is the only place where its secret is ever
    /// shown. `max_budget`, `soft_budget`, `budget_duration`, `budget_reset` and `timezone` give it
    /// a budget of its own, `model_rpm_limit`, `model_tpm_limit` and `model_max_parallel_requests` limits
    /// for single models.
    void generate(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// POST /key/delete: removes keys named by `keys` (ids or whole keys) and `key_aliases`: all of
    /// them, or none and 404 if one is unknown.
    void remove(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// POST /key/{key}/reset_spend with `reset_to`: 0, as LiteLLM has it: has all budgets of the key begin anew, which
    /// is named as for info(); 404 if there is no such key or it has no budget. What the key has spent stays as it is.
    void resetSpend(const ports::HttpRequest &request, std::unique_ptr<ports::HttpReply> reply,
                    const QString &name);
    /// GET /key/info?key=…: describes one key, its budget and its limits, named by its id, its alias or its
    /// whole text; 404 if there is none.
    void info(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);

private:
    [[nodiscard]] Result<void> allow(const ports::HttpRequest &request) const;

    Parts m_parts;
};

} // namespace delta::admin

#pragma once

#include "gateway/admin/key_service.h"
#include "gateway/auth/authenticator.h"
#include "gateway/auth/permissions.h"
#include "gateway/ports/background.h"
#include "gateway/ports/http_request.h"

#include <QJsonObject>

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
    /// shown.
    void generate(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// POST /key/delete: removes keys named by `keys` (ids or whole keys) and `key_aliases`: all of
    /// them, or none and 404 if one is unknown.
    void remove(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// GET /key/info?key=…: describes one key, named by its id, its alias or its whole text; 404 if
    /// there is none.
    void info(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);

private:
    using Job = std::function<Result<QJsonObject>()>;

    [[nodiscard]] Result<VirtualKey> readWish(const QByteArray &body) const;
    [[nodiscard]] Result<void> requireMaster(const ports::HttpRequest &request) const;
    void answer(std::unique_ptr<ports::HttpReply> reply, Job job);

    Parts m_parts;
};

} // namespace delta::admin

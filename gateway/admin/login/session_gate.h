#pragma once

#include "gateway/admin/access/session_source.h"
#include "gateway/identity/session_service.h"
#include "gateway/ports/http_request.h"
#include "shared/core/result.h"

#include <QByteArrayList>

#include <optional>
#include <utility>

namespace delta::admin {

/// Returns where a request comes from.
[[nodiscard]] identity::Visitor visitorOf(const ports::HttpRequest &request);

/// Lets requests in that come with a session. On the thread that owns the store.
class SessionGate final : public SessionSource
{
public:
    /// `sessions` must outlive the gate. `origins` are those of our own pages, see identity::requireOwnOrigin().
    SessionGate(identity::SessionService &sessions, QByteArrayList origins)
        : m_sessions(sessions)
        , m_origins(std::move(origins))
    {
    }

    /// Errors: also PermissionDenied, code `password_change_required`, outside of /ui/api/auth for somebody who has
    /// to choose another password first.
    [[nodiscard]] Result<std::optional<SessionFacts>> sessionOf(
        const ports::HttpRequest &request) override;
    /// Returns the whole session of a request that has one, likewise. Errors: LoginRequired if it has none.
    [[nodiscard]] Result<identity::Caller> callerOf(const ports::HttpRequest &request);

private:
    identity::SessionService &m_sessions;
    const QByteArrayList m_origins;
};

} // namespace delta::admin

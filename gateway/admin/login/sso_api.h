#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/auth/oidc/oidc_provider.h"
#include "gateway/identity/identity_parts.h"
#include "gateway/identity/sso_service.h"
#include "gateway/ports/sealer.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace delta::admin {

/// The routes with which people log in at an identity provider: one sends them there, one takes them back. On the
/// thread that owns the store; what the provider is asked is asked elsewhere.
class SsoApi
{
public:
    /// Runs something on another thread.
    using Elsewhere = std::function<void(std::function<void()> work)>;
    /// The same, unless too much waits there already. Returns whether it will.
    using ElsewhereIfRoom = std::function<bool(std::function<void()> work)>;

    /// Borrowed; outlives the API.
    struct Parts {
        auth::OidcProvider &provider; ///< Used by `away` only.
        identity::SsoService &service;
        ports::Sealer &sealer;
        const Clock &clock;
        Random &random;
        identity::IdentitySettings settings;
        ElsewhereIfRoom away; ///< Where it may take long.
        Elsewhere home;       ///< The thread that owns the store.
    };

    explicit SsoApi(Parts parts)
        : m_parts(std::move(parts))
    {
    }
    SsoApi(const SsoApi &) = delete;
    SsoApi &operator=(const SsoApi &) = delete;

    /// The handlers need the API to live.
    [[nodiscard]] std::vector<AdminRoute> routes();

private:
    /// What a browser keeps for us while it is at the provider, so that only the browser that began a login can end it.
    struct Ticket {
        auth::OidcAttempt attempt;
        QString returnTo;
    };

    void start(const AdminCall &call, const AnswerSink &sink);
    void callback(const AdminCall &call, const AnswerSink &sink);
    [[nodiscard]] Result<QByteArray> cookieFor(const Ticket &ticket) const;
    [[nodiscard]] std::optional<Ticket> ticketOf(const ports::HttpRequest &request) const;
    [[nodiscard]] Answer finished(const Result<auth::OidcIdentity> &who,
                                  const identity::Visitor &visitor, const QString &returnTo);

    const Parts m_parts;
};

} // namespace delta::admin

#pragma once

#include "gateway/auth/oidc/oidc_provider.h"
#include "gateway/auth/oidc/oidc_settings.h"
#include "gateway/identity/identity_parts.h"
#include "gateway/identity/session_service.h"
#include "gateway/store/control_tables.h"
#include "shared/core/result.h"
#include "shared/models/audit_event.h"
#include "shared/models/roles.h"
#include "shared/models/user.h"

#include <QString>

#include <optional>

namespace delta::identity {

/// Lets people in whom an identity provider knows. Who they are here is decided by issuer and subject alone; an address
/// that the provider verified leads to its user once, at the first login. Used on the thread of the store.
class SsoService
{
public:
    SsoService(const IdentityParts &parts, SessionService &sessions, auth::OidcSettings settings)
        : m_parts(parts)
        , m_sessions(sessions)
        , m_settings(std::move(settings))
    {
    }

    /// Begins a session, after it has brought the user up to date: their roles by their groups, but for the last platform admin. A user is made for
    /// somebody new, if that is allowed. All of it in one transaction, with records in the audit log.
    /// Errors: `sso_refused` for whom nobody is let in, the reason in the detail; StoreUnavailable.
    [[nodiscard]] Result<OpenSession> welcome(const auth::OidcIdentity &who,
                                              const Visitor &visitor);

private:
    [[nodiscard]] Result<User> userFor(store::ControlTables &tables, const auth::OidcIdentity &who,
                                       const Visitor &visitor);
    [[nodiscard]] Result<std::optional<User>> known(store::ControlTables &tables,
                                                    const auth::OidcIdentity &who);
    [[nodiscard]] Result<std::optional<User>> unlinked(store::ControlTables &tables,
                                                       const auth::OidcIdentity &who);
    [[nodiscard]] Result<User> make(store::ControlTables &tables, const auth::OidcIdentity &who);
    [[nodiscard]] Result<void> checkAddress(const auth::OidcIdentity &who) const;
    [[nodiscard]] Result<void> applyRole(store::ControlTables &tables,
                                         const auth::OidcIdentity &who, const Visitor &visitor,
                                         User &user);
    [[nodiscard]] Result<void> refuseLast(store::ControlTables &tables, const Visitor &visitor,
                                          const User &user, PlatformRole role);
    [[nodiscard]] AuditEvent byUser(const User &user, const Visitor &visitor) const;
    [[nodiscard]] Result<void> record(store::ControlTables &tables, const Visitor &visitor,
                                      const QString &action, const User &user,
                                      const QJsonObject &before, const QJsonObject &after);

    const IdentityParts m_parts;
    SessionService &m_sessions;
    const auth::OidcSettings m_settings;
};

} // namespace delta::identity

#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/login/login_api.h"
#include "gateway/admin/login/session_gate.h"
#include "gateway/app/sso_room.h"
#include "gateway/auth/oidc/oidc_settings.h"
#include "gateway/auth/pepper.h"
#include "gateway/identity/account_service.h"
#include "gateway/identity/login_service.h"
#include "gateway/identity/password_desk.h"
#include "gateway/identity/password_pool.h"
#include "gateway/identity/second_factor.h"
#include "gateway/identity/session_service.h"
#include "gateway/identity/stored_people.h"
#include "gateway/ports/mailer.h"
#include "gateway/ports/sealer.h"
#include "gateway/store/store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <vector>

namespace delta::app {

/// How people log in to this gateway, put together. Used on the store queue; passwords are computed in threads of its
/// own.
class LoginRoom
{
public:
    /// Borrowed but for the pepper; outlives the room. `home` runs something on the store queue, until close().
    struct Parts {
        store::Store &store;
        ports::Sealer &sealer;
        auth::Pepper pepper; ///< For nothing else.
        const Clock &clock;
        Random &random;
        identity::PasswordDesk::Home home;
        auth::OidcSettings sso{}; ///< Not enabled: people have passwords only.
        QString publicUrl{}; ///< Where people reach the gateway; empty: links are shown, not sent.
        ports::Mailer *mailer = nullptr; ///< Null: likewise.
    };

    explicit LoginRoom(Parts parts);
    LoginRoom(const LoginRoom &) = delete;
    LoginRoom &operator=(const LoginRoom &) = delete;

    /// Knows the sessions that requests come with.
    [[nodiscard]] admin::SessionSource &sessions()
    {
        return m_gate;
    }
    /// Returns the routes, which need the room to live.
    [[nodiscard]] std::vector<admin::AdminRoute> routes();
    /// Makes the user "admin" with the password of the first run, unless they ever had one.
    /// Errors: StoreUnavailable.
    [[nodiscard]] Result<void> makeFirstAdmin(const QByteArray &hash);
    /// Finishes the passwords that are being computed. Before the store queue ends, which they still come home to.
    void close()
    {
        m_pool.stop();
        if (m_sso) {
            m_sso->close();
        }
    }
    /// Returns what people know the identity provider as; empty: there is none.
    [[nodiscard]] QString ssoProvider() const
    {
        return m_parts.sso.isEnabled ? m_parts.sso.provider : QString();
    }

private:
    Parts m_parts;
    identity::IdentitySettings m_settings;
    identity::StoredPeople m_people;
    identity::IdentityParts m_ground;
    identity::PasswordPool m_pool;
    identity::PasswordDesk m_desk;
    identity::SessionService m_sessions;
    identity::SecondFactor m_factor;
    identity::LoginService m_logins;
    identity::AccountService m_accounts;
    admin::SessionGate m_gate;
    admin::LoginApi m_api;
    std::unique_ptr<SsoRoom> m_sso; ///< Null: there is no single sign-on.
};

} // namespace delta::app

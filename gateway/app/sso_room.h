#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/login/sso_api.h"
#include "gateway/app/work_queue.h"
#include "gateway/auth/oidc/oidc_provider.h"
#include "gateway/identity/sso_service.h"

#include <stop_token>
#include <vector>

namespace delta::app {

/// How people log in at an identity provider, put together: the provider is asked on a thread of its own.
class SsoRoom
{
public:
    /// Borrowed but for the settings; outlives the room. `home` runs something on the store queue, until close().
    struct Parts {
        identity::IdentityParts ground;
        identity::SessionService &sessions;
        ports::Sealer &sealer;
        identity::IdentitySettings settings;
        admin::SsoApi::Elsewhere home;
    };

    SsoRoom(const auth::OidcSettings &settings, const Parts &parts);
    ~SsoRoom();
    SsoRoom(const SsoRoom &) = delete;
    SsoRoom &operator=(const SsoRoom &) = delete;

    [[nodiscard]] std::vector<admin::AdminRoute> routes()
    {
        return m_api.routes();
    }
    /// Ends what the provider is being asked, and lets nobody ask it any more. Before the store queue ends, whose work
    /// may still try to. Safe from any thread but the room's own.
    void close();

private:
    std::stop_source m_stop;
    auth::OidcProvider m_provider;
    identity::SsoService m_service;
    admin::SsoApi m_api;
    WorkQueue m_away; ///< Last: its work uses the others.
};

} // namespace delta::app

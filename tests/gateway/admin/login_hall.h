#pragma once

#include "gateway/admin/login/login_api.h"
#include "gateway/admin/login/sso_api.h"
#include "gateway/admin/login/user_login_api.h"
#include "gateway/identity/stored_people.h"
#include "gateway/ports/sealer.h"
#include "tests/gateway/identity/identity_rig.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace delta::admin::test {

/// What a hall works with.
struct HallGround {
    store::Store &store;
    ports::Sealer &sealer;
    const auth::Pepper &pepper;
    const Clock &clock;
    Random &random;
};

/// How people log in on the store of a rig, with passwords that cost nothing.
struct LoginHall {
    explicit LoginHall(const HallGround &given)
        : ground(given)
    {
    }

    [[nodiscard]] std::vector<AdminRoute> routes()
    {
        std::vector<AdminRoute> list = login.routes();
        std::ranges::move(userLoginRoutes(accounts), std::back_inserter(list));
        std::ranges::move(sso.routes(), std::back_inserter(list));
        return list;
    }

    const HallGround ground;
    const auth::PasswordCost cost{64, 1, 1};
    const identity::IdentitySettings settings{};
    identity::StoredPeople people{ground.store};
    const identity::IdentityParts parts{ground.store, people, ground.pepper, ground.clock,
                                        ground.random};
    identity::test::HomeQueue home;
    const identity::PasswordDesk::Home goHome = [this](std::function<void()> work) {
        home.post(std::move(work));
    };
    identity::PasswordPool pool{identity::PasswordPool::Limits{}};
    identity::PasswordDesk desk{{pool, ground.random, goHome, cost}};
    identity::SessionService sessions{parts, settings};
    identity::SecondFactor factor{parts, ground.sealer, settings.issuer};
    identity::LoginService logins{{parts, sessions, factor, desk}};
    identity::AccountService accounts{{parts, settings, sessions, factor, desk, goHome, nullptr}};
    SessionGate gate{sessions, {}};
    LoginApi login{{logins, accounts, sessions, gate, settings, {}}};
    /// An identity provider that is away; sso.test.mjs has one that answers.
    auth::OidcProvider provider{
        {.isEnabled = true, .issuer = QStringLiteral("https://login.example.com")},
        [](const auth::OidcProvider::Request &) {
            return std::unexpected(QStringLiteral("nobody answers"));
        },
        ground.clock};
    identity::SsoService ssoService{parts, sessions, {.isEnabled = true}};
    SsoApi sso{{provider, ssoService, ground.sealer, ground.clock, ground.random, settings,
                [](const std::function<void()> &work) {
                    work();
                    return true;
                },
                [](const std::function<void()> &work) { work(); }}};
};

} // namespace delta::admin::test

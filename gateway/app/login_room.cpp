#include "gateway/app/login_room.h"

#include "gateway/admin/login/user_login_api.h"
#include "gateway/store/control_tables.h"
#include "shared/models/user.h"

#include <QString>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

const QString adminId = u"admin"_s;

} // namespace

LoginRoom::LoginRoom(Parts parts)
    : m_parts(std::move(parts))
    , m_settings{.publicUrl = m_parts.publicUrl}
    , m_people(m_parts.store)
    , m_ground{m_parts.store, m_people, m_parts.pepper, m_parts.clock, m_parts.random}
    , m_pool(identity::PasswordPool::Limits{})
    , m_desk({m_pool, m_parts.random, m_parts.home})
    , m_sessions(m_ground, m_settings)
    , m_factor(m_ground, m_parts.sealer, m_settings.issuer)
    , m_logins({m_ground, m_sessions, m_factor, m_desk})
    , m_accounts({m_ground, m_settings, m_sessions, m_factor, m_desk, m_parts.home, m_parts.mailer})
    , m_gate(m_sessions, {})
    , m_api({m_logins, m_accounts, m_sessions, m_gate, m_settings, {}})
{
    if (m_parts.sso.isEnabled) {
        m_sso = std::make_unique<SsoRoom>(
            m_parts.sso,
            SsoRoom::Parts{m_ground, m_sessions, m_parts.sealer, m_settings, m_parts.home});
    }
}

std::vector<admin::AdminRoute> LoginRoom::routes()
{
    std::vector<admin::AdminRoute> list = m_api.routes();
    std::ranges::move(admin::userLoginRoutes(m_accounts), std::back_inserter(list));
    if (m_sso) {
        std::ranges::move(m_sso->routes(), std::back_inserter(list));
    }
    return list;
}

Result<void> LoginRoom::makeFirstAdmin(const QByteArray &hash)
{
    TRY_VOID(m_parts.store.change([this](store::ControlTables &tables) -> Result<void> {
        TRY(const std::optional<User> known, tables.users.find({adminId}));
        if (known) {
            return {};
        }
        User user;
        user.id = adminId;
        user.name = u"Administrator"_s;
        user.role = PlatformRole::Admin;
        user.stamp.createdAt = m_parts.clock.wall();
        user.stamp.updatedAt = user.stamp.createdAt;
        return tables.users.insert(user);
    }));
    return m_accounts.adoptPassword(adminId, hash).transform([](bool) { });
}

} // namespace delta::app

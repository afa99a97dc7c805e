#pragma once

#include "gateway/admin/access/caller_finder.h"
#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/contract/admin_desk.h"
#include "gateway/admin/contract/idempotency.h"
#include "gateway/admin/contract/model_errand.h"
#include "gateway/admin/litellm/steps.h"
#include "gateway/admin/resources/alerts.h"
#include "gateway/admin/resources/budgets.h"
#include "gateway/admin/resources/control_room.h"
#include "gateway/admin/resources/entity_api.h"
#include "gateway/admin/resources/keys.h"
#include "gateway/admin/resources/kinds.h"
#include "gateway/admin/resources/model_kinds.h"
#include "gateway/admin/resources/policy_kinds.h"
#include "gateway/admin/resources/settings.h"
#include "gateway/admin/scim/scim_api.h"
#include "gateway/auth/authenticator.h"
#include "gateway/net/timer_wheel.h"
#include "gateway/ports/background.h"
#include "gateway/ports/http_reply.h"
#include "gateway/ports/http_request.h"
#include "gateway/ports/sealer.h"
#include "gateway/store/store.h"
#include "shared/billing/price_book.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <QByteArrayList>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

namespace delta::admin {

/// The admin API under /ui/api, and what LiteLLM has in its place: all routes, and what they work with. One for the gateway; start() may be
/// called on any loop thread, everything else happens on the thread that owns the store.
class AdminApi
{
public:
    /// Borrowed; outlives the API.
    struct Parts {
        const auth::Authenticator &authenticator;
        store::Store &store; ///< Of the store queue.
        ports::Sealer &sealer;
        const auth::Pepper &pepper; ///< Of keys.
        const routing::EndpointMaker &endpoints;
        const PriceBook &prices;
        const Clock &clock;
        Random &random;
        SettingsSource &settings;
        BudgetService &budgets;
        std::function<void()> refresh; ///< See ControlRoom.
        QString version;               ///< Of the gateway.
        SessionSource *sessions = nullptr;
        std::vector<AdminRoute> loginRoutes{}; ///< Of who knows passwords and sessions.
        QString ssoProvider{};                 ///< Where people may log in besides; empty: nowhere.
        scim::ScimSettings scim{};             ///< Without a token no directory gets in.
        ports::AlertDesk *alerts = nullptr;    ///< Null: nobody is told of budgets.
    };

    explicit AdminApi(const Parts &parts);
    AdminApi(const AdminApi &) = delete;
    AdminApi &operator=(const AdminApi &) = delete;

    [[nodiscard]] const std::vector<AdminRoute> &routes() const
    {
        return m_routes;
    }
    /// What a loop thread has for its requests. Borrowed; outlives them.
    struct Loop {
        ports::Background &background;
        ModelDoor models;
        net::TimerWheel &timers;
        std::function<bool()> isEnding; ///< Whether the gateway is told to stop.
    };
    /// Answers a request of one of the routes: does the work in the background, and sends the answer on this loop.
    void start(const AdminRoute &route, const Loop &loop, ports::HttpRequest request,
               std::unique_ptr<ports::HttpReply> reply, QByteArrayList path);

private:
    void runErrand(const Loop &loop, const ModelErrand &errand, ports::HttpRequest request,
                   std::unique_ptr<ports::HttpReply> reply);
    void add(std::vector<AdminRoute> routes);

    const Clock &m_clock;
    CallerFinder m_callers;
    AdminDesk m_desk;
    Idempotency m_idempotency;
    const ControlRoom m_room;
    EntityApi<Organization> m_organizations;
    EntityApi<Team> m_teams;
    EntityApi<User> m_users;
    EntityApi<ServiceAccount> m_serviceAccounts;
    EntityApi<EndUser> m_endUsers;
    scim::ScimApi m_scim;
    const EntityKind<ManagedKey> m_keyKind;
    EntityApi<ManagedKey> m_keys;
    KeyCommands m_keyCommands;
    const EntityKind<ManagedBudget> m_budgetKind;
    EntityApi<ManagedBudget> m_budgets;
    BudgetCommands m_budgetCommands;
    const EntityKind<AlertRule> m_alertRuleKind;
    EntityApi<AlertRule> m_alertRules;
    const EntityKind<Credential> m_credentialKind;
    EntityApi<Credential> m_credentials;
    const EntityKind<StoredDeployment> m_deploymentKind;
    EntityApi<StoredDeployment> m_deployments;
    EntityApi<Guardrail> m_guardrails;
    EntityApi<RouteGroup> m_routeGroups;
    DocumentApi<RoutingPolicy> m_routing;
    DocumentApi<StoredSettings> m_settings;
    std::vector<AdminRoute> m_routes;
    const litellm::Steps m_steps;
};

} // namespace delta::admin

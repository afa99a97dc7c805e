#include "gateway/admin/admin_api.h"

#include "gateway/admin/access/access_table.h"
#include "gateway/admin/contract/answer_pump.h"
#include "gateway/admin/contract/api_description.h"
#include "gateway/admin/contract/live_pump.h"
#include "gateway/admin/contract/whole_reply.h"
#include "gateway/admin/litellm/all_routes.h"
#include "gateway/admin/resources/audit_log.h"
#include "gateway/admin/resources/bootstrap.h"
#include "gateway/admin/resources/deployment_tests.h"
#include "gateway/admin/resources/member_api.h"
#include "gateway/admin/resources/model_groups.h"
#include "gateway/admin/resources/playground.h"
#include "gateway/admin/spend/content_routes.h"
#include "gateway/admin/spend/spend_routes.h"

#include <chrono>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <utility>

namespace delta::admin {

namespace {

/// What was written within a change that goes on is not true yet, and may never be.
std::function<void()> afterChanges(const AdminApi::Parts &parts)
{
    return [&store = parts.store, refresh = parts.refresh] {
        if (!store.isChanging()) {
            refresh();
        }
    };
}

} // namespace

AdminApi::AdminApi(const Parts &parts)
    : m_clock(parts.clock)
    , m_callers({parts.authenticator, parts.store, parts.sessions})
    , m_desk({m_callers, parts.store, parts.clock})
    , m_idempotency({parts.sealer, parts.clock})
    , m_room{parts.store, m_idempotency, parts.clock, parts.random, afterChanges(parts)}
    , m_organizations(m_room, organizationKind())
    , m_teams(m_room, teamKind())
    , m_users(m_room, userKind())
    , m_serviceAccounts(m_room, serviceAccountKind())
    , m_endUsers(m_room, endUserKind())
    , m_scim(m_room, m_users, parts.scim)
    , m_keyKind(keyKind({m_room, parts.pepper}))
    , m_keys(m_room, m_keyKind)
    , m_keyCommands({m_room, parts.pepper}, m_keys)
    , m_budgetKind(budgetKind({m_room, parts.budgets}))
    , m_budgets(m_room, m_budgetKind)
    , m_budgetCommands({m_room, parts.budgets}, m_budgets)
    , m_alertRuleKind(alertRuleKind(parts.alerts))
    , m_alertRules(m_room, m_alertRuleKind)
    , m_credentialKind(credentialKind({parts.endpoints, parts.sealer, parts.clock}))
    , m_credentials(m_room, m_credentialKind)
    , m_deploymentKind(deploymentKind({parts.endpoints, parts.sealer, parts.clock}))
    , m_deployments(m_room, m_deploymentKind)
    , m_guardrails(m_room, guardrailKind())
    , m_routeGroups(m_room, routeGroupKind())
    , m_routing(m_room, routingKind())
    , m_settings(m_room, settingsKind(parts.settings))
    , m_steps({m_desk, m_routes, parts.store, m_room.refresh, parts.clock, parts.pepper,
               parts.prices, parts.endpoints})
{
    add(descriptionRoutes());
    add(bootstrapRoutes(parts.version, parts.ssoProvider));
    add(m_organizations.routes());
    add(m_teams.routes());
    add(memberRoutes(m_room));
    add(m_users.routes());
    add(m_serviceAccounts.routes());
    add(m_endUsers.routes());
    add(m_keys.routes());
    add(m_keyCommands.routes());
    add(m_budgets.routes());
    add(m_budgetCommands.routes());
    add(m_alertRules.routes());
    add(alertRoutes(m_room, parts.alerts));
    add(modelGroupRoutes(m_room));
    add(m_credentials.routes());
    add(m_deployments.routes());
    add(m_guardrails.routes());
    add(m_routeGroups.routes());
    add(m_routing.routes());
    add(m_settings.routes());
    add(deploymentTestRoutes({m_room, parts.endpoints, parts.sealer}));
    add(playgroundRoutes());
    add(spendRoutes(m_room, parts.prices));
    add(contentRoutes(m_room, parts.sealer));
    add(auditRoutes(m_room));
    add(parts.loginRoutes);
    add(litellm::allRoutes(m_steps));
    add(m_scim.routes());
}

void AdminApi::add(std::vector<AdminRoute> routes)
{
    for (AdminRoute &route : routes) {
        if (!accessRow(route.method, route.pattern)) {
            throw std::logic_error("the table of access has no row for "
                                   + (route.method + ' ' + route.pattern).toStdString());
        }
    }
    m_routes.insert(m_routes.end(), std::move_iterator(routes.begin()),
                    std::move_iterator(routes.end()));
}

void AdminApi::start(const AdminRoute &route, const Loop &loop, ports::HttpRequest request,
                     std::unique_ptr<ports::HttpReply> reply, QByteArrayList path)
{
    struct State {
        ports::HttpRequest request;
        std::unique_ptr<ports::HttpReply> reply;
        QByteArrayList path;
        std::optional<Answer> answer{};
        bool isServing = true; ///< Whether an answer is in time for the end of the work.
        bool isInTime = false; ///< Whether it was.
    };
    auto state = std::make_shared<State>(std::move(request), std::move(reply), std::move(path));
    const auto answer = [this, &route, &loop, state] {
        if (const auto errand = state->answer->errand) {
            runErrand(loop, *errand, std::move(state->request), std::move(state->reply));
        } else if (state->answer->live) {
            // It knows the way to the desk by the request, which lives as long.
            const auto caller = [this, &route, state] {
                return m_desk.recheck(
                    {route, *accessRow(route.method, route.pattern), state->request, state->path});
            };
            pumpLive({loop.background, loop.timers, loop.isEnding, caller}, std::move(state->reply),
                     *state->answer);
        } else if (state->answer->stream) {
            pumpAnswer(loop.background, std::move(state->reply), *state->answer);
        } else {
            send(*state->reply, *state->answer);
        }
    };
    ports::Background &background = loop.background;
    background.run(
        [this, &route, &background, state, answer] {
            const AccessRow &access = *accessRow(route.method, route.pattern);
            const auto sink = [&background, state, answer](Answer made) {
                state->answer = std::move(made);
                if (!state->isServing) {
                    background.run([] { }, answer);
                }
            };
            if (access.entry == Entry::Directory) {
                sink(m_scim.serve(route, state->request, state->path));
            } else {
                m_desk.serve({route, access, state->request, state->path}, sink);
            }
            state->isInTime = state->answer.has_value();
            state->isServing = false;
        },
        [state, answer] {
            if (state->isInTime) {
                answer();
            }
        });
}

void AdminApi::runErrand(const Loop &loop, const ModelErrand &errand, ports::HttpRequest request,
                         std::unique_ptr<ports::HttpReply> reply)
{
    if (errand.body) {
        request.body = *errand.body;
    }
    if (!errand.conclude) {
        loop.models(errand, std::move(request), std::move(reply));
        return;
    }
    struct State {
        std::unique_ptr<ports::HttpReply> reply;
        QByteArray requestId;
        Answer answer{};
    };
    auto state = std::make_shared<State>(std::move(reply), request.id);
    const auto conclude = [this, &background = loop.background, state, begun = m_clock.steady(),
                           work = errand.conclude](int status, const QByteArray &body) {
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(m_clock.steady()
                                                                                - begun);
        background.run(
            [state, work, status, body, took] {
                auto made = work(status, body, took);
                state->answer = made ? *std::move(made)
                                     : problemAnswer(made.error(), state->requestId);
            },
            [state] { send(*state->reply, state->answer); });
    };
    loop.models(errand, std::move(request), std::make_unique<WholeReply>(conclude));
}

} // namespace delta::admin

#include "gateway/admin/access/caller_finder.h"

#include "gateway/auth/credentials.h"
#include "gateway/auth/permissions.h"
#include "gateway/store/control_tables.h"

#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

Caller callerOf(const User &user, const store::Memberships &memberships)
{
    Caller caller{.kind = CallerKind::User,
                  .id = user.id,
                  .name = user.email.isEmpty() ? user.name : user.email,
                  .role = user.role,
                  .organizations = {},
                  .teams = {},
                  .serviceTeamId = {},
                  .sessionId = {}};
    for (const OrganizationMember &member : memberships.organizations) {
        caller.organizations.push_back({member.organizationId, member.role});
    }
    for (const TeamMember &member : memberships.teams) {
        caller.teams.push_back({member.teamId, member.role});
    }
    return caller;
}

} // namespace

bool carriesCredential(const ports::HttpRequest &request)
{
    return request.header("authorization") || request.header("x-api-key")
        || request.header("api-key");
}

Result<FoundCaller> CallerFinder::find(const ports::HttpRequest &request)
{
    if (carriesCredential(request)) {
        TRY(Caller caller, ofCredential(request));
        return FoundCaller{std::move(caller), true};
    }
    if (!m_parts.sessions) {
        return FoundCaller{};
    }
    TRY(const std::optional<SessionFacts> session, m_parts.sessions->sessionOf(request));
    if (!session) {
        return FoundCaller{};
    }
    TRY(Caller caller, ofUser(*session));
    return FoundCaller{std::move(caller), session->isFresh};
}

Result<Caller> CallerFinder::ofCredential(const ports::HttpRequest &request)
{
    TRY(const auth::Principal principal, m_parts.authenticator.identify(request));
    Caller caller;
    if (principal.kind == auth::PrincipalKind::Master) {
        caller.kind = CallerKind::Master;
        caller.id = u"master"_s;
        caller.name = u"master key"_s;
        return caller;
    }
    TRY_VOID(auth::Permissions().checkAdminRoute(principal, request.path));
    if (!principal.serviceAccountId.isEmpty()) {
        caller.kind = CallerKind::ServiceAccount;
        caller.id = QString::fromUtf8(principal.serviceAccountId);
        caller.name = caller.id;
        caller.serviceTeamId = QString::fromUtf8(principal.teamId);
        return caller;
    }
    caller.kind = CallerKind::Key;
    caller.id = QString::fromUtf8(principal.keyId);
    caller.name = caller.id;
    return caller;
}

Result<Caller> CallerFinder::ofUser(const SessionFacts &session)
{
    std::optional<User> user;
    store::Memberships memberships;
    TRY_VOID(m_parts.store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(user, tables.users.find({session.userId}));
        TRY(memberships, tables.membershipsOf(session.userId));
        return {};
    }));
    if (!user) {
        return failure(ApiError::loginRequired());
    }
    if (user->block.isBlocked) {
        return failure(
            ApiError::permissionDenied(u"This user is blocked. An admin can tell why."_s));
    }
    Caller caller = callerOf(*user, memberships);
    caller.sessionId = session.sessionId;
    return caller;
}

} // namespace delta::admin

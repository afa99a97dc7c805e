#include "gateway/identity/session_service.h"

#include "gateway/identity/identity_errors.h"
#include "gateway/identity/secrets.h"
#include "gateway/store/login_tables.h"

#include <chrono>
#include <utility>

namespace delta::identity {

using namespace std::chrono_literals;

namespace {

/// More often, nobody needs to know when a session was used.
constexpr auto seenStep = 1min;
constexpr auto keptFor = std::chrono::days(30);
constexpr qsizetype longestUserAgent = 300;

QByteArray sessionMac(const Secret &token, const auth::Pepper &pepper)
{
    return macFor("session", token.reveal(), pepper);
}

} // namespace

Result<OpenSession> SessionService::open(const ports::Person &person, const Visitor &visitor)
{
    const WallTime now = m_parts.clock.wall();
    const Secret token = makeToken(m_parts.random);
    const store::SessionRow session{
        .id = makeSessionId(m_parts.random),
        .mac = sessionMac(token, m_parts.pepper),
        .userId = person.id,
        .role = person.role,
        .createdAt = now,
        .lastSeenAt = now,
        .verifiedAt = now,
        .ip = visitor.ip,
        .userAgent = visitor.userAgent.first(std::min(longestUserAgent, visitor.userAgent.size()))};
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    TRY_VOID(tables->sessions.insert(session));
    return OpenSession{session, token, csrfTokenOf(session)};
}

bool SessionService::isOver(const store::SessionRow &session) const
{
    const WallTime now = m_parts.clock.wall();
    return now - session.lastSeenAt >= m_settings.idle
        || now - session.createdAt >= m_settings.absolute;
}

/// Who has lost a session, or what it was for, must log in again; it does not come back if that is undone.
Result<ports::Person> SessionService::ownerOf(const store::SessionRow &session)
{
    TRY(std::optional<ports::Person> person, m_parts.people.personById(session.userId));
    if (isOver(session) || !person || person->isBlocked || person->role != session.role) {
        TRY_VOID(end(session.id, session.userId));
        return failure(ApiError::loginRequired());
    }
    return *std::move(person);
}

Result<Caller> SessionService::identify(const Secret &token, const Visitor &visitor)
{
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    TRY(std::optional<store::SessionRow> session,
        tables->sessions.findByMac(sessionMac(token, m_parts.pepper)));
    if (!session) {
        return failure(ApiError::loginRequired());
    }
    TRY(ports::Person person, ownerOf(*session));
    const WallTime now = m_parts.clock.wall();
    if (now - session->lastSeenAt >= seenStep) {
        TRY_VOID(tables->sessions.noteSeen(session->id, now));
        session->lastSeenAt = now;
    }
    TRY(const std::optional<store::LoginRow> login, tables->logins.find(person.id));
    return Caller{std::move(person), *std::move(session), visitor, login && login->mustChange};
}

Result<OpenSession> SessionService::renew(store::SessionRow session)
{
    const Secret token = makeToken(m_parts.random);
    const QByteArray before = std::exchange(session.mac, sessionMac(token, m_parts.pepper));
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    TRY(const bool isRenewed, tables->sessions.rotate({session.id, before, session.mac}));
    if (!isRenewed) {
        return failure(ApiError::loginRequired());
    }
    TRY_VOID(noteProof(session));
    session.verifiedAt = m_parts.clock.wall();
    return OpenSession{session, token, csrfTokenOf(session)};
}

Result<void> SessionService::noteProof(const store::SessionRow &session)
{
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    return tables->sessions.noteVerified(session.id, m_parts.clock.wall());
}

Result<bool> SessionService::end(const QString &sessionId, const QString &userId)
{
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    return tables->sessions.end(sessionId, userId, m_parts.clock.wall());
}

Result<int> SessionService::endAll(const QString &userId, const QString &butId)
{
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    return tables->sessions.endOfUser(userId, butId, m_parts.clock.wall());
}

Result<std::vector<store::SessionRow>> SessionService::list(const QString &userId)
{
    const WallTime now = m_parts.clock.wall();
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    return tables->sessions.ofUser(userId,
                                   {now - m_settings.idle + 1ms, now - m_settings.absolute + 1ms});
}

Result<void> SessionService::tidy()
{
    const WallTime now = m_parts.clock.wall();
    if (now - m_tidiedAt < 1h) {
        return {};
    }
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    TRY_VOID(tables->sessions.removeOld(now - m_settings.absolute - keptFor));
    m_tidiedAt = now;
    return {};
}

QByteArray SessionService::csrfTokenOf(const store::SessionRow &session) const
{
    return identity::csrfTokenOf(session.mac, m_parts.pepper);
}

Result<void> SessionService::requireCsrf(const store::SessionRow &session,
                                         QByteArrayView given) const
{
    return isSameText(csrfTokenOf(session), given) ? Result<void>() : failure(wrongCsrfToken());
}

Result<void> SessionService::requireRecentProof(const store::SessionRow &session) const
{
    return m_parts.clock.wall() - session.verifiedAt < m_settings.recentProof
        ? Result<void>()
        : failure(ApiError::stepUpRequired());
}

} // namespace delta::identity

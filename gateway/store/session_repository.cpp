#include "gateway/store/session_repository.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"

#include <QSqlQuery>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

SessionRow sessionOf(const QSqlQuery &row)
{
    return {.id = row.value(0).toString(),
            .mac = row.value(1).toByteArray(),
            .userId = row.value(2).toString(),
            .role = row.value(3).toString(),
            .createdAt = timeAt(row, 4),
            .lastSeenAt = timeAt(row, 5),
            .verifiedAt = timeAt(row, 6),
            .ip = row.value(7).toString(),
            .userAgent = row.value(8).toString()};
}

void nothing(int)
{
}

} // namespace

Result<void> SessionRepository::insert(const SessionRow &session)
{
    return m_database
        .run("sessions/insert"_L1,
             {session.id, session.mac, present(session.userId), present(session.role),
              timeColumn(session.createdAt), timeColumn(session.lastSeenAt),
              timeColumn(session.verifiedAt), present(session.ip), present(session.userAgent)})
        .transform(nothing);
}

Result<std::optional<SessionRow>> SessionRepository::findByMac(const QByteArray &mac)
{
    std::optional<SessionRow> session;
    TRY_VOID(m_database.each("sessions/select_by_mac"_L1, {mac},
                             [&session](const QSqlQuery &row) { session = sessionOf(row); }));
    return session;
}

Result<std::vector<SessionRow>> SessionRepository::ofUser(const QString &userId,
                                                          const SessionBounds &bounds)
{
    std::vector<SessionRow> sessions;
    TRY_VOID(m_database.each(
        "sessions/select_of_user"_L1,
        {present(userId), timeColumn(bounds.seenSince), timeColumn(bounds.createdSince)},
        [&sessions](const QSqlQuery &row) { sessions.push_back(sessionOf(row)); }));
    return sessions;
}

Result<bool> SessionRepository::wasSeenFrom(const QString &userId, const QString &ip)
{
    bool wasSeen = false;
    TRY_VOID(m_database.each("sessions/select_place"_L1, {present(userId), present(ip)},
                             [&wasSeen](const QSqlQuery &) { wasSeen = true; }));
    return wasSeen;
}

Result<void> SessionRepository::noteSeen(const QString &sessionId, WallTime at)
{
    return m_database.run("sessions/update_seen"_L1, {present(sessionId), timeColumn(at)})
        .transform(nothing);
}

Result<void> SessionRepository::noteVerified(const QString &sessionId, WallTime at)
{
    return m_database.run("sessions/update_verified"_L1, {present(sessionId), timeColumn(at)})
        .transform(nothing);
}

Result<bool> SessionRepository::rotate(const Rotation &rotation)
{
    return m_database
        .run("sessions/rotate"_L1, {present(rotation.sessionId), rotation.from, rotation.to})
        .transform([](int rows) { return rows > 0; });
}

Result<bool> SessionRepository::end(const QString &sessionId, const QString &userId, WallTime at)
{
    return m_database.run("sessions/end"_L1, {present(sessionId), present(userId), timeColumn(at)})
        .transform([](int rows) { return rows > 0; });
}

Result<int> SessionRepository::endOfUser(const QString &userId, const QString &butId, WallTime at)
{
    return m_database.run("sessions/end_of_user"_L1,
                          {present(userId), present(butId), timeColumn(at)});
}

Result<void> SessionRepository::removeOld(WallTime lastSeenBefore)
{
    return m_database.run("sessions/delete_old"_L1, {timeColumn(lastSeenBefore)})
        .transform(nothing);
}

} // namespace delta::store

#pragma once

#include "gateway/store/login_rows.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// The table of sessions. A session that was ended is not found any more. Errors of all: StoreUnavailable.
class SessionRepository
{
public:
    /// `database` must outlive the repository.
    explicit SessionRepository(Database &database)
        : m_database(database)
    {
    }
    SessionRepository(const SessionRepository &) = delete;
    SessionRepository &operator=(const SessionRepository &) = delete;

    [[nodiscard]] Result<void> insert(const SessionRow &session);
    [[nodiscard]] Result<std::optional<SessionRow>> findByMac(const QByteArray &mac);
    /// Returns the sessions of a user that are within the bounds, the one used last first, at most a hundred.
    [[nodiscard]] Result<std::vector<SessionRow>> ofUser(const QString &userId,
                                                         const SessionBounds &bounds);
    /// Says whether a user had a session from an address, ended ones included.
    [[nodiscard]] Result<bool> wasSeenFrom(const QString &userId, const QString &ip);
    [[nodiscard]] Result<void> noteSeen(const QString &sessionId, WallTime at);
    [[nodiscard]] Result<void> noteVerified(const QString &sessionId, WallTime at);
    /// Gives a session another token, unless it has another one by now. Returns whether it did.
    [[nodiscard]] Result<bool> rotate(const Rotation &rotation);
    /// Ends a session, if it is one of that user's. Returns whether it did.
    [[nodiscard]] Result<bool> end(const QString &sessionId, const QString &userId, WallTime at);
    /// Ends the sessions of a user but one, none if that is empty. Returns how many.
    [[nodiscard]] Result<int> endOfUser(const QString &userId, const QString &butId, WallTime at);
    /// Removes those that were used last before a moment.
    [[nodiscard]] Result<void> removeOld(WallTime lastSeenBefore);

private:
    Database &m_database;
};

} // namespace delta::store

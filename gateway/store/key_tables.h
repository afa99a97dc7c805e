#pragma once

#include "gateway/store/entity_table.h"
#include "gateway/store/list_question.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"
#include "shared/models/managed_key.h"
#include "shared/models/rate_limits.h"

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QStringList>

#include <optional>

namespace delta::store {

class Database;

/// What calls left of a key.
struct KeyUse {
    Money spend;
    std::optional<WallTime>
        lastUsedAt; ///< The hour in which its last call began; absent: it never had one.
};

/// What admins ask of virtual keys beside the rows themselves. See Database for threads and errors.
class KeyTables
{
public:
    /// `database` must outlive it.
    explicit KeyTables(Database &database)
        : m_database(database)
    {
    }
    KeyTables(const KeyTables &) = delete;
    KeyTables &operator=(const KeyTables &) = delete;

    /// Adds a key of which only this is set: id, hint, who made it and when. The table of keys changes the rest, as
    /// its first revision.
    [[nodiscard]] Result<void> issue(const ManagedKey &key, const QByteArray &mac);
    /// Returns the limits that are part of some keys.
    [[nodiscard]] Result<QHash<QString, RateLimits>> limitsOf(const QStringList &keyIds);
    [[nodiscard]] Result<void> setLimits(const QString &keyId, const RateLimits &limits);
    [[nodiscard]] Result<QHash<QString, KeyUse>> usesOf(const QStringList &keyIds);
    /// Returns how many keys a user has in a team.
    [[nodiscard]] Result<qint64> countOfMember(const QString &teamId, const QString &userId);
    /// Blocks them, but for those that are blocked; returns how many it were.
    [[nodiscard]] Result<int> blockOfMember(const QString &teamId, const QString &userId,
                                            const QString &reason, WallTime now);

    /// Gives a key another text. The one before is good until `endsAt`; absent: neither it nor any before it is good
    /// from now on.
    [[nodiscard]] Result<void> rotate(const QString &keyId, const QByteArray &mac,
                                      const QString &hint, WallTime now,
                                      std::optional<WallTime> endsAt);
    /// Returns the former texts of some keys that are good for longest.
    [[nodiscard]] Result<QHash<QString, KeyRotation>> rotationsOf(const QStringList &keyIds,
                                                                  WallTime now);
    /// Ends all former texts at once.
    [[nodiscard]] Result<void> endRotation(const QString &keyId);

private:
    Database &m_database;
};

[[nodiscard]] const EntityStatements &keyStatements();
[[nodiscard]] const ListShape &keyList();

} // namespace delta::store

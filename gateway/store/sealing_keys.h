#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QString>
#include <QStringList>

namespace delta::store {

class Database;

/// The table of the keys that seal secrets of the database. Errors of all functions: those of Database.
class SealingKeys
{
public:
    explicit SealingKeys(Database &database)
        : m_database(database)
    {
    }

    /// Returns the ids of all that ever sealed, the oldest first.
    [[nodiscard]] Result<QStringList> ids();
    /// Adds one, unless it is there already. It is not added either if another gateway adds one at the same moment:
    /// look with ids().
    [[nodiscard]] Result<void> add(const QString &id, WallTime since);

private:
    Database &m_database;
};

} // namespace delta::store

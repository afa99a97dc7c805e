#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace delta::store {

class Database;

/// A key that seals secrets of the database.
struct SealingKeyRow {
    QString id;
    WallTime since{}; ///< When it was first written down.
};

/// The table of the keys that seal secrets of the database. Errors of all functions: those of Database.
class SealingKeys
{
public:
    explicit SealingKeys(Database &database)
        : m_database(database)
    {
    }

    /// Returns the ids of all that seal or did, the oldest first; not those that were removed.
    [[nodiscard]] Result<QStringList> ids();
    /// Adds one, unless it is there already. It is not added either if another gateway adds one at the same moment:
    /// look with ids().
    [[nodiscard]] Result<void> add(const QString &id, WallTime since);

    /// Returns all that seal, the oldest first, as ids() does.
    [[nodiscard]] Result<std::vector<SealingKeyRow>> all();
    /// Removes one. Errors: also StoreUnavailable while anything is sealed with it, see SealedValues::counts().
    [[nodiscard]] Result<void> remove(const QString &id);

private:
    Database &m_database;
};

} // namespace delta::store

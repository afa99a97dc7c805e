#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QHash>

namespace delta::store {

class Database;

/// Gives names their ids, and remembers them. Names are never removed, so what it remembers stays
/// true, except after a transaction that was rolled back.
class NameTable
{
public:
    explicit NameTable(Database &database)
        : m_database(database)
    {
    }
    NameTable(const NameTable &) = delete;
    NameTable &operator=(const NameTable &) = delete;

    /// Returns the id of a clean name, which is added if it is new. Within a transaction.
    [[nodiscard]] Result<qint64> intern(const QByteArray &name);
    /// Returns the id of a name, or -1 if no call ever had it.
    [[nodiscard]] Result<qint64> find(const QByteArray &name);
    /// Forgets ids that a transaction gave and did not keep.
    void forget()
    {
        m_ids.clear();
    }

private:
    Database &m_database;
    QHash<QByteArray, qint64> m_ids;
};

} // namespace delta::store

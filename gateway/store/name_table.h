#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>

#include <algorithm>

namespace delta::store {

class Database;

/// What the names of end users begin with in the sums; the statements know it too.
inline constexpr QByteArrayView endUserPrefix{"//end_user:"};
/// Returns by what name the sums know an end user: one that nobody else has, so that it can be taken away for good.
/// Empty for nobody.
[[nodiscard]] inline QByteArray endUserName(const QByteArray &endUser)
{
    return endUser.isEmpty() ? QByteArray() : endUserPrefix.toByteArray() + endUser;
}
/// Returns the end user whom the sums know by that name.
[[nodiscard]] inline QByteArray endUserOf(const QByteArray &name)
{
    return name.sliced(std::min(endUserPrefix.size(), name.size()));
}

/// Gives names their ids, and remembers them. Names are never removed, so what it remembers stays
/// true, except after a transaction that was rolled back; but for those of end users, who can be erased.
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

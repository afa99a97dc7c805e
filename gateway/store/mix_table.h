#pragma once

#include "gateway/store/dimension.h"
#include "shared/core/result.h"

#include <QLatin1StringView>
#include <QtTypes>

#include <array>
#include <compare>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace delta::store {

class Database;

/// What calls have in common that are added up together: ids of names, and the status.
struct Mix {
    qint64 organization = 0;
    qint64 model = 0;
    qint64 deployment = 0;
    qint64 provider = 0;
    qint64 status = 0;

    auto operator<=>(const Mix &) const = default;
    /// Returns what a mix has of a dimension, which is one of its own, or All.
    [[nodiscard]] qint64 refOf(Dimension dimension) const;
    /// Says whether a dimension is one of its own.
    [[nodiscard]] static bool has(Dimension dimension);
};

/// Gives mixes their ids, and remembers them. They are never removed, so what it remembers stays true, except after a
/// transaction that was rolled back. Errors: StoreUnavailable.
class MixTable
{
public:
    /// `database` must outlive the table.
    explicit MixTable(Database &database)
        : m_database(database)
    {
    }
    MixTable(const MixTable &) = delete;
    MixTable &operator=(const MixTable &) = delete;

    /// Returns the id of a mix, which is added if it is new. Within a transaction.
    [[nodiscard]] Result<qint64> intern(const Mix &mix);
    /// Returns the mixes of some organisations, by their ids; absent: all there are.
    [[nodiscard]] Result<std::map<qint64, Mix>> load(
        const std::optional<std::vector<qint64>> &organizations);
    /// Forgets ids that a transaction gave and did not keep.
    void forget()
    {
        m_ids.clear();
    }

private:
    [[nodiscard]] Result<std::optional<qint64>> ask(QLatin1StringView statement, const Mix &mix);

    Database &m_database;
    std::map<Mix, qint64> m_ids;
};

} // namespace delta::store

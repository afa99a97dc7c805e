#pragma once

#include "gateway/store/dimension.h"
#include "gateway/store/roll_up_sums.h"
#include "shared/core/result.h"

#include <QtTypes>

#include <cstddef>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace delta::store {

class Database;

/// \file Which keys, users or teams cost most in a time, of a million of them, without adding up each: who was not among
/// the dearest of any day spent, on each day, at most what the last one did who was. Where the dearest spent more than all
/// of that together, nobody else has to be looked at (the threshold algorithm of Fagin, Lotem and Naor, 2001).

/// Works out who may be among the dearest, of lists of the dearest of each day. Amounts are nano-USD.
class SpendLeaders
{
public:
    using Row = std::pair<qint64, qint64>; ///< Ref and spend.

    /// How much of a day counts.
    enum class Day {
        Whole,
        Part, ///< Only some of its hours.
    };
    /// Whether a list has everybody who spent something on its day.
    enum class List {
        Complete,
        Cut,
    };

    /// `rows` are the dearest of a day, the dearest first.
    void add(std::span<const Row> rows, Day day, List list);
    /// Returns all refs that can be among so many dearest, or nothing if one can be that is on no list.
    [[nodiscard]] std::optional<std::vector<qint64>> candidates(std::size_t wanted) const;

private:
    // Sums of days do not fit into 64 bits where each is at its end.
    __extension__ using Wide = __int128;

    struct Seen {
        Wide atLeast = 0;
        Wide beyondRest = 0; ///< What it can have spent at most, less m_rest.
    };

    std::unordered_map<qint64, Seen> m_seen;
    Wide m_rest = 0; ///< What somebody can have spent at most who is on no list.
    bool m_isComplete = true;
};

/// Returns refs among which are those that cost most in some hours, or nothing where spending is so even that the lists
/// of the days do not tell. Of keys, users and teams only. Errors: StoreUnavailable.
[[nodiscard]] Result<std::optional<std::vector<qint64>>> findSpendLeaders(Database &database,
                                                                          Dimension dimension,
                                                                          SlotRange hours,
                                                                          qint64 wanted);

} // namespace delta::store

#pragma once

#include "gateway/ports/spend_store.h"
#include "gateway/store/roll_up_sums.h"
#include "gateway/store/spend_filter.h"
#include "gateway/store/spend_totals.h"
#include "shared/core/result.h"

#include <QLatin1StringView>
#include <QtTypes>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// Reads what was spent. Every question is answered from an index or from the roll-up.
class SpendReports
{
public:
    /// `database` must outlive the reports.
    explicit SpendReports(Database &database)
        : m_database(database)
    {
    }
    SpendReports(const SpendReports &) = delete;
    SpendReports &operator=(const SpendReports &) = delete;

    /// Returns calls, those that began last first.
    [[nodiscard]] Result<std::vector<ports::PostedEntry>> log(const SpendFilter &filter,
                                                              const Page &page);
    /// Adds up calls: whole days and hours from the roll-ups, what a range has of an hour at its ends
    /// from the calls themselves. A tag together with something else is added up from its calls.
    [[nodiscard]] Result<SpendTotals> totals(const SpendFilter &filter);

private:
    /// Ids of the filter's names; -1: any.
    struct Refs {
        qint64 key = -1;
        qint64 user = -1;
        qint64 team = -1;
        qint64 model = -1;
        qint64 organization = -1;
        qint64 tag = -1;
    };
    /// Nothing if a name was never used, so that no call can match.
    [[nodiscard]] Result<std::optional<Refs>> refsOf(const SpendFilter &filter);
    /// Returns what is asked for, if the roll-ups of one dimension know it.
    [[nodiscard]] static std::optional<RollUpSubject> subjectOf(const Refs &refs);
    [[nodiscard]] Result<void> addEvents(const Refs &refs, SlotRange milliseconds,
                                         SpendTotals &totals);
    [[nodiscard]] Result<void> addHours(const Refs &refs, SlotRange hours, SpendTotals &totals);
    [[nodiscard]] Result<void> add(QLatin1StringView query, const Refs &refs, SlotRange range,
                                   SpendTotals &totals);

    Database &m_database;
};

} // namespace delta::store

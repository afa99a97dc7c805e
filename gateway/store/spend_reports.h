#pragma once

#include "gateway/ports/spend_store.h"
#include "gateway/store/spend_filter.h"
#include "gateway/store/spend_totals.h"
#include "shared/core/result.h"

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
    /// Adds up calls. The times of the filter count in whole hours: the hour that holds `from` is
    /// in, and so is the one that holds the last moment before `until`.
    [[nodiscard]] Result<SpendTotals> totals(const SpendFilter &filter);

private:
    /// Ids of the filter's names; -1: any.
    struct Refs {
        qint64 key = -1;
        qint64 user = -1;
        qint64 team = -1;
        qint64 model = -1;
    };
    /// Nothing if a name was never used, so that no call can match.
    [[nodiscard]] Result<std::optional<Refs>> refsOf(const SpendFilter &filter);

    Database &m_database;
};

} // namespace delta::store

#pragma once

#include "gateway/store/usage_question.h"
#include "gateway/store/usage_rows.h"
#include "gateway/store/usage_statement.h"
#include "shared/core/result.h"

#include <QtTypes>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// Answers what was spent, of anything, by anything, in steps of time. Reads sums only: of one dimension where they can
/// tell, else those of all dimensions together.
class UsageReports
{
public:
    /// Database and past must outlive the reports. `today` is the first day that is not over, in days since 1970 UTC.
    UsageReports(Database &database, PastSums &past, qint64 today)
        : m_database(database)
        , m_rows(database, past, today)
    {
    }
    UsageReports(const UsageReports &) = delete;
    UsageReports &operator=(const UsageReports &) = delete;

    /// Errors: Unsupported where a tag is asked for together with something else, which no sum knows;
    /// StoreUnavailable.
    [[nodiscard]] Result<UsageReport> read(const UsageQuestion &question);

private:
    struct Plan;
    /// Nothing if a name was never used, so that no call can match.
    [[nodiscard]] Result<std::optional<UsageRefs>> refsOf(const UsageQuestion &question);
    [[nodiscard]] Result<std::vector<qint64>> idsOf(const UsageFilter &filter);
    [[nodiscard]] Result<std::vector<qint64>> groupsOf(const UsageQuestion &question,
                                                       const Plan &plan);
    [[nodiscard]] Result<void> addNames(const UsageQuestion &question,
                                        const std::vector<qint64> &refs, UsageReport &report);
    /// Adds up all, and each group, whose ids are `refs`.
    [[nodiscard]] Result<void> addAll(const UsageQuestion &question, const Plan &plan,
                                      UsageReport &report);
    [[nodiscard]] Result<void> addGroups(const UsageQuestion &question, const Plan &plan,
                                         const std::vector<qint64> &refs, UsageReport &report);
    template <typename Take>
    [[nodiscard]] Result<void> eachSum(const Plan &plan, bool isSingle, Dimension dimension,
                                       const std::vector<qint64> &refs, const Take &take);

    Database &m_database;
    UsageRows m_rows;
};

} // namespace delta::store

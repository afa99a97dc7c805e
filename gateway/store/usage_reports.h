#pragma once

#include "gateway/store/usage_question.h"
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
    /// `database` must outlive the reports.
    explicit UsageReports(Database &database)
        : m_database(database)
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
};

} // namespace delta::store

#pragma once

#include "gateway/store/number_rows.h"
#include "gateway/store/past_sums.h"
#include "gateway/store/usage_spans.h"
#include "gateway/store/usage_statement.h"
#include "shared/core/result.h"

#include <QtTypes>

#include <functional>
#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// Adds up the sums of all dimensions together, of which there are nearly as many as calls where these are of many keys.
/// Days that are over are added up once, see PastSums.
class UsageRows
{
public:
    /// Database and past must outlive it. `today` is the first day that is not over, in days since 1970 UTC.
    UsageRows(Database &database, PastSums &past, qint64 today)
        : m_database(database)
        , m_past(past)
        , m_today(today)
    {
    }
    UsageRows(const UsageRows &) = delete;
    UsageRows &operator=(const UsageRows &) = delete;

    /// Returns the refs of the groups that cost most, the dearest first; calls without a name of the dimension are in no
    /// group. Errors: StoreUnavailable.
    [[nodiscard]] Result<std::vector<qint64>> dearest(const UsageRefs &refs, Dimension group,
                                                      const UsageSpans &spans, qint64 limit);
    /// Hands over the sums of each hour or day of some groups as usageSteps() reads them. Errors: StoreUnavailable.
    [[nodiscard]] Result<void> steps(const UsageRefs &refs, Dimension group,
                                     const std::vector<qint64> &only, const UsageSpans &spans,
                                     const NumberReader &take);

private:
    using Numbers = PastSums::Numbers;
    using Read = std::function<Result<Numbers>(const BoundStatement &statement)>;

    /// Hands over what `read` makes of a statement for each part of the spans, or has made of it before.
    [[nodiscard]] Result<void> each(
        const UsageSpans &spans, const std::function<BoundStatement(const UsageSpans &part)> &made,
        const Read &read, const std::function<void(const Numbers &numbers)> &take);
    [[nodiscard]] Result<Numbers> spendOfGroups(const BoundStatement &statement);
    [[nodiscard]] Result<Numbers> allNumbers(const BoundStatement &statement);
    [[nodiscard]] Result<SpendTotals> allOf(const UsageSpans &spans);

    Database &m_database;
    PastSums &m_past;
    const qint64 m_today;
};

} // namespace delta::store

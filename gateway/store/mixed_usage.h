#pragma once

#include "gateway/store/usage_question.h"
#include "gateway/store/usage_spans.h"
#include "gateway/store/usage_statement.h"
#include "shared/core/result.h"

#include <QtTypes>

#include <vector>

namespace delta::store {

class Database;

/// Answers what was spent by organisation, model, deployment, provider and status, however these are combined, from the
/// sums of their mixes: an organisation has far fewer of these than keys.
class MixedUsage
{
public:
    /// `database` must outlive it.
    explicit MixedUsage(Database &database)
        : m_database(database)
    {
    }

    /// Says whether the mixes know all that is asked.
    [[nodiscard]] static bool tells(const UsageQuestion &question, const UsageRefs &refs);
    /// Adds to a report what it has of sums, and a group without its name for each ref that is returned, in their
    /// order. Errors: StoreUnavailable.
    [[nodiscard]] Result<std::vector<qint64>> read(const UsageQuestion &question,
                                                   const UsageRefs &refs, const UsageSpans &spans,
                                                   UsageReport &report);

private:
    Database &m_database;
};

} // namespace delta::store

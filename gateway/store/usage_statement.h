#pragma once

#include "gateway/store/list_statement.h"
#include "gateway/store/usage_question.h"
#include "gateway/store/usage_spans.h"

#include <QtTypes>

#include <optional>
#include <vector>

namespace delta::store {

/// A selection by the ids of names, as the sums know them.
struct UsageRefs {
    struct Filter {
        Dimension dimension = Dimension::Key;
        std::vector<qint64> refs;
    };
    std::vector<Filter> filters; ///< All must hold.
    std::vector<Filter> reach;   ///< One must hold; empty: none has to.
};

/// \file Statements for questions that only the sums of all dimensions together can answer, spend_hourly and
/// spend_daily. Columns and tables are of our own lists; all else is bound. Tags and end users are in no such sum.

/// Reads what was spent of the groups, each of which may come in several rows: to add these up takes SQLite, which sorts
/// them, as long as to find them. Calls without a name make no group. Columns: ref, nano-USD.
[[nodiscard]] BoundStatement usageSpend(const UsageRefs &refs, Dimension group,
                                        const UsageSpans &spans, Dialect dialect);
/// Reads the sums of each hour or day of some groups. Columns: ref, first hour, sums. With Dimension::All `only` is
/// not looked at.
[[nodiscard]] BoundStatement usageSteps(const UsageRefs &refs, Dimension group,
                                        const std::vector<qint64> &only, const UsageSpans &spans,
                                        Dialect dialect);

} // namespace delta::store

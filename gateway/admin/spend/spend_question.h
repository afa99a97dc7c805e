#pragma once

#include "gateway/admin/contract/list_query.h"
#include "gateway/admin/spend/time_steps.h"
#include "gateway/store/call_log.h"
#include "gateway/store/usage_question.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QLatin1StringView>
#include <QTimeZone>
#include <QUrlQuery>

#include <optional>
#include <vector>

namespace delta::admin {

/// What a report of the spending is asked for.
struct SpendQuestion {
    WallTime from{};  ///< Thirty days ago where it is not said.
    WallTime until{}; ///< Now, likewise.
    QTimeZone zone = QTimeZone(QTimeZone::UTC);
    TimeStep step = TimeStep::Day;
    store::Dimension group = store::Dimension::All;
    std::vector<store::UsageFilter> filters;
    qint64 limit = 10;
    bool comparesPrevious = false;
    ListFormat format = ListFormat::Page;
};

/// Which parameters a report takes besides the range and the filters.
struct SpendParameters {
    bool hasSteps = false;   ///< `interval`
    bool hasGroups = false;  ///< `group_by`, `limit`
    bool hasCompare = false; ///< `compare`
    bool hasFormat = false;  ///< `format`
    bool hasModels = false;  ///< `models`
};

/// Reads a question. Errors: InvalidRequest naming the parameter.
[[nodiscard]] Result<SpendQuestion> readSpendQuestion(const QUrlQuery &query,
                                                      const SpendParameters &parameters,
                                                      WallTime now);

/// Reads which calls are looked for, all but the reach, and the page. Errors: likewise.
struct CallQuestion {
    store::CallFilter filter;
    std::optional<store::CallPlace> place;
    int limit = 50;
    ListFormat format = ListFormat::Page;
};
[[nodiscard]] Result<CallQuestion> readCallQuestion(const QUrlQuery &query);

/// Makes the cursor of a page of calls, which readCallQuestion() understands.
[[nodiscard]] QString callCursor(const store::CallPlace &place);

/// Returns the name of a dimension in `group_by`.
[[nodiscard]] QLatin1StringView dimensionName(store::Dimension dimension);

} // namespace delta::admin

#pragma once

#include "gateway/admin/spend/spend_question.h"
#include "gateway/store/call_log.h"
#include "gateway/store/control_tables.h"
#include "gateway/store/usage_question.h"
#include "shared/core/result.h"

#include <QJsonArray>
#include <QJsonObject>

#include <vector>

namespace delta::admin {

/// Describes what calls come to.
[[nodiscard]] QJsonObject totalsJson(const store::SpendTotals &totals);

/// Describes the range that a report was made for.
[[nodiscard]] QJsonObject rangeJson(const std::vector<qint64> &bounds);

/// Describes a group by what it is called: its id, and a name for people where there is one.
/// Errors: StoreUnavailable.
[[nodiscard]] Result<QJsonObject> groupJson(store::ControlTables &tables,
                                            store::Dimension dimension,
                                            const store::UsageGroup &group);

/// Describes a call.
[[nodiscard]] QJsonObject callJson(const store::LoggedCall &call);

/// Returns the names of its members, in the order in which a file has them.
[[nodiscard]] QStringList callColumns();

} // namespace delta::admin

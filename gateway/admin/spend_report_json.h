#pragma once

#include "gateway/store/spend_report.h"

#include <QByteArray>

namespace delta::admin {

/// Returns the answer of /spend/report: group_by, interval, start_date and end_date of the whole hours that it is
/// about (null: open), totals, groups and pagination. A group has its id and the name that people gave it; both
/// are null where there is none.
[[nodiscard]] QByteArray reportJson(const store::ReportQuestion &question,
                                    const store::SpendReport &report);

} // namespace delta::admin

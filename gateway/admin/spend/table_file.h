#pragma once

#include "gateway/admin/contract/answer.h"
#include "gateway/admin/contract/list_query.h"

#include <QJsonObject>

namespace delta::admin {

/// Makes a file of a report's answer: a row for each step and group.
[[nodiscard]] Answer seriesFile(ListFormat format, const QJsonObject &report);

/// The same of a breakdown: a row for each group.
[[nodiscard]] Answer breakdownFile(ListFormat format, const QJsonObject &report);

} // namespace delta::admin

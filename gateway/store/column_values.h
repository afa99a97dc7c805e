#pragma once

#include "shared/models/rate_limits.h"

#include <QSqlQuery>
#include <QString>
#include <QtTypes>
#include <QVariant>

#include <optional>

namespace delta::store {

/// Returns a text that is bound as a text: a null QString would become NULL, which most columns do not
/// take.
[[nodiscard]] QString present(const QString &text);

/// Returns what a column takes that may be null.
[[nodiscard]] QVariant numberOrNull(std::optional<qint64> number);

/// Returns the seven columns of rate limits, from `rpm_limit` to `max_parallel_requests`.
[[nodiscard]] QVariantList rateColumns(const RateLimits &limits);

/// Reads these columns, the first of which has that number.
[[nodiscard]] RateLimits rateLimitsAt(const QSqlQuery &row, int first);

} // namespace delta::store

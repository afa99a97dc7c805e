#pragma once

#include "shared/core/clock.h"
#include "shared/models/rate_limits.h"

#include <QSqlQuery>
#include <QString>
#include <QStringList>
#include <QtTypes>
#include <QVariant>

#include <optional>

namespace delta::store {

/// Returns a text that is bound as a text: a null QString would become NULL, which most columns do not
/// take.
[[nodiscard]] QString present(const QString &text);

/// Returns texts as statements take many of them: the names of a JSON object, each once, which json_each() of both
/// databases reads.
[[nodiscard]] QString textSet(const QStringList &texts);

/// Returns what a column takes that may be null.
[[nodiscard]] QVariant numberOrNull(std::optional<qint64> number);

/// Returns what a column of milliseconds since 1970 takes.
[[nodiscard]] QVariant timeColumn(WallTime time);
/// Reads such a column.
[[nodiscard]] WallTime timeAt(const QSqlQuery &row, int column);
/// Reads such a column that may be null.
[[nodiscard]] std::optional<WallTime> timeOrNoneAt(const QSqlQuery &row, int column);

/// Returns the seven columns of rate limits, from `rpm_limit` to `max_parallel_requests`.
[[nodiscard]] QVariantList rateColumns(const RateLimits &limits);

/// Reads these columns, the first of which has that number.
[[nodiscard]] RateLimits rateLimitsAt(const QSqlQuery &row, int first);

} // namespace delta::store

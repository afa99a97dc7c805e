#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QLatin1StringView>
#include <QString>
#include <QtTypes>
#include <QUrlQuery>

#include <chrono>
#include <expected>
#include <optional>
#include <span>

/// \file What the values of a query mean. A value that is empty counts as absent.
/// Errors of all functions: InvalidRequest naming the parameter.

namespace delta::admin {

/// Makes the error for a parameter; `what` goes on from its name.
[[nodiscard]] std::unexpected<ApiError> wrongParameter(QLatin1StringView name, const QString &what);

/// Checks that there are only parameters of these names, and each once.
[[nodiscard]] Result<void> checkNames(const QUrlQuery &query,
                                      std::span<const QLatin1StringView> known);

/// Reads a day, or a time, which is of UTC if it has no zone. `dayShift` is added to a day: a day that ends
/// a range stands for its last moment.
[[nodiscard]] Result<std::optional<WallTime>> readTime(const QUrlQuery &query,
                                                       QLatin1StringView name,
                                                       std::chrono::days dayShift);

/// Reads a number from 0 to `highest`; `standard` if it is absent.
[[nodiscard]] Result<qint64> readCount(const QUrlQuery &query, QLatin1StringView name,
                                       qint64 standard, qint64 highest);

/// Reads a text, as UTF-8.
[[nodiscard]] std::optional<QByteArray> readText(const QUrlQuery &query, QLatin1StringView name);

} // namespace delta::admin

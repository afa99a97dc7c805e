#pragma once

#include "gateway/telemetry/metric_catalog.h"
#include "shared/models/spend_entry.h"

#include <QByteArray>

#include <utility>

namespace delta::telemetry {

/// Returns a text that may stand between the quotes of a label: valid UTF-8 of at most 128
/// characters, control characters replaced by blanks, escaped as the text format asks; `whenBlank`
/// if nothing is left.
[[nodiscard]] QByteArray labelValue(QByteArrayView text, QByteArrayView whenBlank);

/// Returns `name="value",…` with escaped values: the identity of a label set within its metric.
[[nodiscard]] QByteArray labelText(
    std::span<const std::pair<QByteArrayView, QByteArrayView>> labels);

/// Returns the labels of a call in a metric. A call that reached no deployment has the model
/// "unknown", whatever it asked for: names that clients invent must not become label sets.
[[nodiscard]] QByteArray labelsOf(const SpendEntry &entry, CallMetric metric);

/// Returns the labels of the label set that collects what exceeds the cap: "other" everywhere.
[[nodiscard]] QByteArray otherLabels(CallMetric metric);

} // namespace delta::telemetry

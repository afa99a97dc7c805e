#pragma once

#include "gateway/telemetry/metric_catalog.h"

#include <QByteArray>

#include <map>
#include <vector>

namespace delta::telemetry {

/// Writes Prometheus' text format 0.0.4. Metrics come out in the order of their names, so that
/// equal figures make equal bytes. Label texts must be those of labelText().
class PrometheusText
{
public:
    /// Series of one metric: values by label text, in the order of the texts.
    using Series = std::map<QByteArray, std::vector<qint64>>;

    /// Adds a metric. One that has no series yet is described all the same.
    void add(const MetricSpec &spec, const Series &series);
    /// Returns the text.
    [[nodiscard]] QByteArray text() const;

private:
    std::map<QByteArray, QByteArray> m_blocks; ///< By metric name.
};

} // namespace delta::telemetry

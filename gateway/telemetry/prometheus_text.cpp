#include "gateway/telemetry/prometheus_text.h"

#include "shared/core/decimal.h"

namespace delta::telemetry {

namespace {

QByteArrayView kindName(MetricKind kind)
{
    switch (kind) {
    case MetricKind::Counter:
        return "counter";
    case MetricKind::Gauge:
        return "gauge";
    case MetricKind::Histogram:
        return "histogram";
    }
    Q_UNREACHABLE_RETURN("untyped");
}

/// Writes a bound as the Python client does ("1.0", not "1"), because dashboards match the text.
QByteArray boundText(std::chrono::microseconds bound)
{
    const QByteArray text = decimalText(bound.count(), 6).toLatin1();
    return text.contains('.') ? text : text + ".0";
}

/// One line of a block.
struct Sample {
    QByteArrayView name;
    QByteArrayView suffix;
    QByteArrayView labels;
    QByteArrayView bound; ///< The value of `le`; empty for none.
    QByteArrayView value;
};

void append(QByteArray &block, const Sample &sample)
{
    block.append(sample.name).append(sample.suffix);
    if (!sample.labels.isEmpty() || !sample.bound.isEmpty()) {
        block.append('{').append(sample.labels);
        if (!sample.bound.isEmpty()) {
            block.append(sample.labels.isEmpty() ? "le=\"" : ",le=\"")
                .append(sample.bound)
                .append('"');
        }
        block.append('}');
    }
    block.append(' ').append(sample.value).append('\n');
}

void appendHistogram(QByteArray &block, const MetricSpec &spec,
                     const PrometheusText::Series::value_type &series)
{
    const auto &[labels, cells] = series;
    qint64 count = 0; // Buckets are cumulative in the text, but not in the cells.
    for (std::size_t index = 0; index <= latencyBounds.size(); ++index) {
        count += cells[index];
        const QByteArray bound = index < latencyBounds.size() ? boundText(latencyBounds[index])
                                                              : QByteArray("+Inf");
        append(block, {spec.name, "_bucket", labels, bound, QByteArray::number(count)});
    }
    append(block,
           {spec.name, "_sum", labels, {}, decimalText(cells.back(), spec.decimals).toLatin1()});
    append(block, {spec.name, "_count", labels, {}, QByteArray::number(count)});
}

} // namespace

void PrometheusText::add(const MetricSpec &spec, const Series &series)
{
    QByteArray block;
    block.append("# HELP ").append(spec.name).append(' ').append(spec.help).append('\n');
    block.append("# TYPE ").append(spec.name).append(' ').append(kindName(spec.kind)).append('\n');
    for (const auto &each : series) {
        if (spec.kind == MetricKind::Histogram) {
            appendHistogram(block, spec, each);
        } else {
            append(block,
                   {spec.name,
                    {},
                    each.first,
                    {},
                    decimalText(each.second.front(), spec.decimals).toLatin1()});
        }
    }
    m_blocks.insert_or_assign(spec.name.toByteArray(), block);
}

QByteArray PrometheusText::text() const
{
    QByteArray text;
    for (const auto &[name, block] : m_blocks) {
        text += block;
    }
    return text;
}

} // namespace delta::telemetry

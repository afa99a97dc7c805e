#include "gateway/store/usage_statement.h"

#include <QStringList>

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

/// The fourteen sums, as totalsOf() reads them.
constexpr auto sums =
    "SUM(requests), SUM(input_tokens), SUM(output_tokens), SUM(cache_read_tokens), "
    "SUM(cache_write_tokens), SUM(reasoning_tokens), SUM(audio_input_tokens), "
    "SUM(audio_output_tokens), SUM(images), SUM(latency_us), SUM(unreported_requests), "
    "SUM(unpriced_requests), SUM(spend_nanos), "
    "SUM(CASE WHEN status >= 400 OR outcome = 2 THEN requests ELSE 0 END)"_L1;

QLatin1StringView columnOf(Dimension dimension)
{
    switch (dimension) {
    case Dimension::Key:
        return "key_ref"_L1;
    case Dimension::User:
        return "user_ref"_L1;
    case Dimension::Team:
        return "team_ref"_L1;
    case Dimension::Organization:
        return "organization_ref"_L1;
    case Dimension::Model:
        return "model_ref"_L1;
    case Dimension::Deployment:
        return "deployment_ref"_L1;
    case Dimension::Provider:
        return "provider_ref"_L1;
    case Dimension::Status:
        return "status"_L1;
    case Dimension::All:
    case Dimension::Tag:
    case Dimension::EndUser:
        break;
    }
    return "0"_L1;
}

/// Conditions and their values.
struct Conditions {
    QStringList texts;
    QVariantList values;

    void add(const QString &text, const QVariantList &bound = {})
    {
        texts.append(text);
        values += bound;
    }
};

QString oneOf(Dimension dimension, const std::vector<qint64> &refs, QVariantList &values)
{
    QStringList marks;
    for (const qint64 ref : refs) {
        marks.append(u"?"_s);
        values.append(ref);
    }
    // That a name is one at all lets the indexes be used that leave out rows without.
    const QLatin1StringView column = columnOf(dimension);
    const QString text = u"%1 IN (%2)"_s.arg(column, marks.join(u", "_s));
    const bool isPartial = dimension == Dimension::User || dimension == Dimension::Team
        || dimension == Dimension::Organization;
    return isPartial ? u"%1 AND %2 <> 0"_s.arg(text, column) : text;
}

Conditions conditionsOf(const UsageRefs &refs)
{
    Conditions conditions;
    for (const UsageRefs::Filter &filter : refs.filters) {
        QVariantList values;
        const QString text = oneOf(filter.dimension, filter.refs, values);
        conditions.add(text, values);
    }
    if (!refs.reach.empty()) {
        QStringList parts;
        QVariantList values;
        for (const UsageRefs::Filter &filter : refs.reach) {
            parts.append(oneOf(filter.dimension, filter.refs, values));
        }
        conditions.add(u"(%1)"_s.arg(parts.join(" OR "_L1)), values);
    }
    return conditions;
}

void addSpans(Conditions &conditions, QLatin1StringView slot, const std::vector<SlotRange> &spans)
{
    conditions.add(u"%1 >= ? AND %1 < ?"_s.arg(slot), {spans.front().from, spans.back().until});
    if (spans.size() == 1) {
        return;
    }
    QStringList parts;
    QVariantList values;
    for (const SlotRange &span : spans) {
        parts.append(u"(%1 >= ? AND %1 < ?)"_s.arg(slot));
        values << span.from << span.until;
    }
    conditions.add(u"(%1)"_s.arg(parts.join(" OR "_L1)), values);
}

/// A part of the answer that lies in one table.
BoundStatement part(const QString &columns, const QString &groupBy, QLatin1StringView table,
                    QLatin1StringView slot, Conditions conditions,
                    const std::vector<SlotRange> &spans)
{
    addSpans(conditions, slot, spans);
    return {u"SELECT %1 FROM %2 WHERE %3 GROUP BY %4"_s.arg(
                columns, table, conditions.texts.join(" AND "_L1), groupBy),
            conditions.values};
}

/// Joins the parts of both tables.
BoundStatement both(const QString &hourColumns, const QString &dayColumns,
                    const std::pair<QString, QString> &groupBy, const Conditions &conditions,
                    const UsageSpans &spans)
{
    QStringList texts;
    QVariantList values;
    if (!spans.hours.empty()) {
        BoundStatement hours = part(hourColumns, groupBy.first, "spend_hourly"_L1, "hour"_L1,
                                    conditions, spans.hours);
        texts.append(hours.text);
        values += hours.values;
    }
    if (!spans.days.empty()) {
        BoundStatement days = part(dayColumns, groupBy.second, "spend_daily"_L1, "day"_L1,
                                   conditions, spans.days);
        texts.append(days.text);
        values += days.values;
    }
    return {texts.join(" UNION ALL "_L1), values};
}

} // namespace

BoundStatement usageGroups(const UsageRefs &refs, Dimension group, const UsageSpans &spans,
                           qint64 limit)
{
    const QLatin1StringView column = columnOf(group);
    const QString columns = u"%1 AS ref, SUM(spend_nanos) AS spend"_s.arg(column);
    Conditions conditions = conditionsOf(refs);
    if (group != Dimension::Status) {
        conditions.add(u"%1 <> 0"_s.arg(column)); // Calls without a name make no group.
    }
    BoundStatement parts = both(columns, columns, {column, column}, conditions, spans);
    parts.text =
        u"SELECT ref FROM (%1) AS parts GROUP BY ref ORDER BY SUM(spend) DESC, ref LIMIT ?"_s.arg(
            parts.text);
    parts.values.append(limit);
    return parts;
}

BoundStatement usageSteps(const UsageRefs &refs, Dimension group, const std::vector<qint64> &only,
                          const UsageSpans &spans)
{
    const QString column = group == Dimension::All ? u"0"_s : QString(columnOf(group));
    Conditions conditions = conditionsOf(refs);
    if (group != Dimension::All) {
        QStringList marks;
        QVariantList values;
        for (const qint64 ref : only) {
            marks.append(u"?"_s);
            values.append(ref);
        }
        conditions.add(u"%1 IN (%2)"_s.arg(column, marks.join(u", "_s)), values);
    }
    const QString grouped = group == Dimension::All ? QString() : column + u", "_s;
    return both(u"%1, hour, %2"_s.arg(column, sums), u"%1, day * 24, %2"_s.arg(column, sums),
                {grouped + u"hour"_s, grouped + u"day"_s}, conditions, spans);
}

} // namespace delta::store

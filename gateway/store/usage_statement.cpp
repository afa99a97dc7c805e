#include "gateway/store/usage_statement.h"

#include <QStringList>

#include <algorithm>
#include <utility>
#include <vector>

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
    case Dimension::Mix:
        break;
    }
    return "0"_L1;
}

/// Conditions and their values.
struct Conditions {
    QStringList texts;
    QVariantList values;
    bool hasIndex = false; ///< An index finds the rows of one of them.

    void add(const QString &text, const QVariantList &bound = {})
    {
        texts.append(text);
        values += bound;
    }
};

/// How far an index of a dimension narrows rows down, the best last: a key has fewer than an organisation. 0: none does.
int narrownessOf(Dimension dimension)
{
    switch (dimension) {
    case Dimension::Key:
        return 5;
    case Dimension::User:
        return 4;
    case Dimension::Team:
        return 3;
    case Dimension::Organization:
        return 2;
    case Dimension::Model:
        return 1;
    default:
        return 0;
    }
}

QString marksFor(const std::vector<qint64> &refs, QVariantList &values)
{
    QStringList marks;
    for (const qint64 ref : refs) {
        marks.append(u"?"_s);
        values.append(ref);
    }
    return u'(' + marks.join(u", "_s) + u')';
}

/// Whether an index may find the rows of a condition, or they are looked at one by one.
enum class Use { Index, Rows };

void addOneOf(Conditions &conditions, const UsageRefs::Filter &filter, Use use)
{
    const QLatin1StringView column = columnOf(filter.dimension);
    QVariantList values;
    const QString marks = marksFor(filter.refs, values);
    // "+" keeps a database from taking an index that finds far more rows than that of another condition.
    conditions.add(u"%1%2 IN %3"_s.arg(use == Use::Rows ? u"+"_s : QString(), column, marks),
                   values);
    const bool isPartial = filter.dimension == Dimension::User
        || filter.dimension == Dimension::Team || filter.dimension == Dimension::Organization;
    if (isPartial) {
        conditions.add(u"%1 <> 0"_s.arg(column)); // As the index says.
    }
}

void addNoneOf(Conditions &conditions, const UsageRefs::Filter &filter)
{
    QVariantList values;
    const QString marks = marksFor(filter.refs, values);
    conditions.add(u"+%1 NOT IN %2"_s.arg(columnOf(filter.dimension), marks), values);
}

/// Returns conditions all of which must hold, of which one index finds the rows.
Conditions allOf(const std::vector<UsageRefs::Filter> &filters)
{
    const auto best = std::ranges::max_element(filters, {}, [](const UsageRefs::Filter &filter) {
        return narrownessOf(filter.dimension);
    });
    Conditions conditions;
    for (auto filter = filters.begin(); filter != filters.end(); ++filter) {
        addOneOf(conditions, *filter, filter == best ? Use::Index : Use::Rows);
    }
    conditions.hasIndex = best != filters.end() && narrownessOf(best->dimension) > 0;
    return conditions;
}

/// Returns the rows that are chosen, in parts that have none in common: those that are reached in one way, those that
/// are in a second and not in the first, and so on.
std::vector<Conditions> partsOf(const UsageRefs &refs)
{
    if (refs.reach.empty()) {
        return {allOf(refs.filters)};
    }
    std::vector<Conditions> parts;
    for (std::size_t way = 0; way < refs.reach.size(); ++way) {
        std::vector<UsageRefs::Filter> all = refs.filters;
        all.push_back(refs.reach[way]);
        Conditions part = allOf(all);
        for (std::size_t before = 0; before < way; ++before) {
            addNoneOf(part, refs.reach[before]);
        }
        parts.push_back(std::move(part));
    }
    return parts;
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

/// A part of the answer that lies in one table. `groupBy` is empty where rows come as they are.
BoundStatement part(const QString &columns, const QString &groupBy, QLatin1StringView table,
                    QLatin1StringView slot, Conditions conditions,
                    const std::vector<SlotRange> &spans)
{
    addSpans(conditions, slot, spans);
    const QString grouped = groupBy.isEmpty() ? QString() : " GROUP BY "_L1 + groupBy;
    return {u"SELECT %1 FROM %2 WHERE %3%4"_s.arg(columns, table, conditions.texts.join(" AND "_L1),
                                                  grouped),
            conditions.values};
}

/// Joins the parts of both tables. `only` is a condition on top of those of the refs.
BoundStatement both(const QString &hourColumns, const QString &dayColumns,
                    const std::pair<QString, QString> &groupBy, const UsageRefs &refs,
                    const Conditions &only, const UsageSpans &spans, Dialect dialect)
{
    QStringList texts;
    QVariantList values;
    const auto add = [&](BoundStatement &&statement) {
        texts.append(statement.text);
        values += statement.values;
    };
    for (Conditions &conditions : partsOf(refs)) {
        conditions.texts += only.texts;
        conditions.values += only.values;
        if (!spans.hours.empty()) {
            add(part(hourColumns, groupBy.first, "spend_hourly"_L1, "hour"_L1, conditions,
                     spans.hours));
        }
        if (!conditions.hasIndex && dialect == Dialect::Sqlite) {
            // The primary key of spend_daily begins with the model: this finds the days of each.
            conditions.add(u"model_ref IN (SELECT model_ref FROM spend_mixes)"_s);
        }
        if (!spans.days.empty()) {
            add(part(dayColumns, groupBy.second, "spend_daily"_L1, "day"_L1, conditions,
                     spans.days));
        }
    }
    return {texts.join(" UNION ALL "_L1), values};
}

} // namespace

BoundStatement usageSpend(const UsageRefs &refs, Dimension group, const UsageSpans &spans,
                          Dialect dialect)
{
    const bool isGrouped = dialect == Dialect::PostgreSql;
    const QLatin1StringView column = columnOf(group);
    const QString columns =
        (isGrouped ? u"%1, SUM(spend_nanos)"_s : u"%1, spend_nanos"_s).arg(column);
    const QString groupBy = isGrouped ? QString(column) : QString();
    Conditions named;
    if (group != Dimension::Status) {
        named.add(u"%1 <> 0"_s.arg(column));
    }
    return both(columns, columns, {groupBy, groupBy}, refs, named, spans, dialect);
}

BoundStatement usageSteps(const UsageRefs &refs, Dimension group, const std::vector<qint64> &only,
                          const UsageSpans &spans, Dialect dialect)
{
    const QString column = group == Dimension::All ? u"0"_s : QString(columnOf(group));
    UsageRefs narrowed = refs;
    if (group != Dimension::All) {
        narrowed.filters.push_back({group, only});
    }
    const QString grouped = group == Dimension::All ? QString() : column + u", "_s;
    return both(u"%1, hour, %2"_s.arg(column, sums), u"%1, day * 24, %2"_s.arg(column, sums),
                {grouped + u"hour"_s, grouped + u"day"_s}, narrowed, {}, spans, dialect);
}

} // namespace delta::store

#include "gateway/admin/spend/spend_routes.h"

#include "gateway/admin/spend/call_routes.h"
#include "gateway/admin/spend/price_comparison.h"
#include "gateway/admin/spend/spend_json.h"
#include "gateway/admin/spend/spend_question.h"
#include "gateway/admin/spend/table_file.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

constexpr int mostSteps = 400;

store::UsageQuestion usageOf(const AdminCall &call, const SpendQuestion &question,
                             std::vector<qint64> bounds)
{
    return {.reach = call.caller.reach(Permission::SpendRead),
            .filters = question.filters,
            .group = question.group,
            .bounds = std::move(bounds),
            .hasSteps = false,
            .limit = question.limit};
}

/// Returns as many hours before a range as it has.
std::vector<qint64> before(const std::vector<qint64> &range)
{
    const qint64 length = range.back() - range.front();
    const qint64 from = std::max<qint64>(range.front() - length, 0);
    return {from, std::max(range.front(), from + 1)};
}

Result<Answer> summary(const ControlRoom &room, const AdminCall &call)
{
    TRY(const SpendQuestion question, readSpendQuestion(call.query, {}, room.clock.wall()));
    const std::vector<qint64> range = wholeRange(question.from, question.until);
    const std::vector<qint64> earlier = before(range);
    TRY(const store::UsageReport now, room.store.usage(usageOf(call, question, range)));
    TRY(const store::UsageReport then, room.store.usage(usageOf(call, question, earlier)));
    QJsonObject json = rangeJson(range);
    json.insert("totals"_L1, totalsJson(now.totals));
    QJsonObject previous = rangeJson(earlier);
    previous.insert("totals"_L1, totalsJson(then.totals));
    json.insert("previous"_L1, previous);
    return jsonAnswer(json);
}

QJsonArray stepsJson(const std::vector<store::SpendTotals> &steps)
{
    QJsonArray json;
    for (const store::SpendTotals &step : steps) {
        json.append(totalsJson(step));
    }
    return json;
}

/// Takes a part away. Sums are read one after the other, so that a part may have a call which its whole lacks.
void subtract(store::SpendTotals &whole, const store::SpendTotals &part)
{
    const auto take = [](qint64 &from, qint64 what) { from = std::max<qint64>(from - what, 0); };
    take(whole.requests, part.requests);
    take(whole.failedRequests, part.failedRequests);
    take(whole.unreportedRequests, part.unreportedRequests);
    take(whole.unpricedRequests, part.unpricedRequests);
    for (const auto member :
         {&Usage::inputTokens, &Usage::outputTokens, &Usage::cacheReadTokens,
          &Usage::cacheWriteTokens, &Usage::reasoningTokens, &Usage::audioInputTokens,
          &Usage::audioOutputTokens, &Usage::images}) {
        take(whole.usage.*member, part.usage.*member);
    }
    whole.latency = std::max(whole.latency - part.latency, std::chrono::microseconds(0));
    whole.spend = std::max(whole.spend - part.spend, Money());
}

/// Returns what no group that is shown has.
std::vector<store::SpendTotals> rest(const store::UsageReport &report)
{
    std::vector<store::SpendTotals> steps = report.steps;
    for (const store::UsageGroup &group : report.groups) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            subtract(steps[i], group.steps[i]);
        }
    }
    return steps;
}

Result<QJsonArray> groupsJson(const ControlRoom &room, const SpendQuestion &question,
                              const store::UsageReport &report)
{
    QJsonArray groups;
    TRY_VOID(room.store.look([&](store::ControlTables &tables) -> Result<void> {
        for (const store::UsageGroup &group : report.groups) {
            TRY(QJsonObject json, groupJson(tables, question.group, group));
            json.insert("totals"_L1, totalsJson(group.totals));
            if (!group.steps.empty()) {
                json.insert("steps"_L1, stepsJson(group.steps));
            }
            groups.append(json);
        }
        return {};
    }));
    return groups;
}

Result<Answer> series(const ControlRoom &room, const AdminCall &call)
{
    TRY(const SpendQuestion question,
        readSpendQuestion(call.query, {.hasSteps = true, .hasGroups = true, .hasFormat = true},
                          room.clock.wall()));
    const std::vector<qint64> bounds = stepsOf(question.from, question.until, question.step,
                                               question.zone, mostSteps);
    if (std::ssize(bounds) > mostSteps + 1) {
        return failure(ApiError::invalidRequest(
            u"'interval' would make more than %1 steps; ask for a shorter time or a longer interval."_s
                .arg(mostSteps),
            u"interval"_s));
    }
    store::UsageQuestion usage = usageOf(call, question, bounds);
    usage.hasSteps = true;
    TRY(const store::UsageReport report, room.store.usage(usage));
    TRY(const QJsonArray groups, groupsJson(room, question, report));
    QJsonArray starts;
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
        starts.append(JsonCodec<WallTime>::encode(timeOf(bounds[i])));
    }
    QJsonObject json = rangeJson(bounds);
    json.insert("interval"_L1, QString(enumName(question.step)));
    json.insert("time_zone"_L1, QString::fromUtf8(question.zone.id()));
    json.insert("group_by"_L1, QString(dimensionName(question.group)));
    json.insert("starts"_L1, starts);
    json.insert("totals"_L1, totalsJson(report.totals));
    json.insert("steps"_L1, stepsJson(report.steps));
    json.insert("groups"_L1, groups);
    // A call may have several tags, so that there is no rest of these.
    const bool hasRest = question.group != store::Dimension::All
        && question.group != store::Dimension::Tag;
    json.insert("others"_L1, hasRest ? QJsonValue(stepsJson(rest(report))) : QJsonValue());
    json.insert("has_more"_L1, report.hasMore);
    return question.format == ListFormat::Page ? jsonAnswer(json)
                                               : seriesFile(question.format, json);
}

/// Adds to each group what it came to before.
Result<void> addPrevious(const ControlRoom &room, const AdminCall &call,
                         const SpendQuestion &question, const store::UsageReport &report,
                         const std::vector<qint64> &earlier, QJsonArray &groups)
{
    store::UsageQuestion usage = usageOf(call, question, earlier);
    std::erase_if(usage.filters, [&question](const store::UsageFilter &filter) {
        return filter.dimension == question.group;
    });
    store::UsageFilter shown{question.group, {}};
    for (const store::UsageGroup &group : report.groups) {
        shown.names.push_back(group.name);
    }
    if (shown.names.empty()) {
        return {};
    }
    usage.filters.push_back(shown);
    TRY(const store::UsageReport then, room.store.usage(usage));
    for (qsizetype i = 0; i < groups.size(); ++i) {
        QJsonObject group = groups[i].toObject();
        const QByteArray id = group.value("id"_L1).toString().toUtf8();
        const auto found = std::ranges::find(then.groups, id, &store::UsageGroup::name);
        group.insert("previous"_L1,
                     totalsJson(found == then.groups.end() ? store::SpendTotals() : found->totals));
        groups[i] = group;
    }
    return {};
}

Result<Answer> breakdown(const ControlRoom &room, const AdminCall &call)
{
    TRY(const SpendQuestion question,
        readSpendQuestion(call.query, {.hasGroups = true, .hasCompare = true, .hasFormat = true},
                          room.clock.wall()));
    if (question.group == store::Dimension::All) {
        return failure(ApiError::invalidRequest(
            u"'group_by' must say by what: key, user, team, organization, model, deployment, provider, tag, status or end_user."_s,
            u"group_by"_s));
    }
    if (question.comparesPrevious && question.group == store::Dimension::Tag) {
        return failure(ApiError::invalidRequest(
            u"'compare' cannot go with group_by=tag: sums are kept of each tag alone."_s,
            u"compare"_s));
    }
    const std::vector<qint64> range = wholeRange(question.from, question.until);
    TRY(const store::UsageReport report, room.store.usage(usageOf(call, question, range)));
    TRY(QJsonArray groups, groupsJson(room, question, report));
    if (question.comparesPrevious) {
        TRY_VOID(addPrevious(room, call, question, report, before(range), groups));
    }
    QJsonObject json = rangeJson(range);
    json.insert("group_by"_L1, QString(dimensionName(question.group)));
    json.insert("totals"_L1, totalsJson(report.totals));
    json.insert("groups"_L1, groups);
    json.insert("has_more"_L1, report.hasMore);
    return question.format == ListFormat::Page ? jsonAnswer(json)
                                               : breakdownFile(question.format, json);
}

Result<Answer> whatIf(const ControlRoom &room, const PriceBook &prices, const AdminCall &call)
{
    TRY(SpendQuestion question,
        readSpendQuestion(call.query, {.hasModels = true}, room.clock.wall()));
    TRY(const std::vector<PricedModel> models, readModels(call.query, prices));
    question.group = store::Dimension::Model;
    question.limit = 200;
    const std::vector<qint64> range = wholeRange(question.from, question.until);
    TRY(const store::UsageReport report, room.store.usage(usageOf(call, question, range)));
    QJsonObject json = rangeJson(range);
    const QJsonObject compared = comparisonJson(report, models);
    for (auto member = compared.begin(); member != compared.end(); ++member) {
        json.insert(member.key(), *member);
    }
    return jsonAnswer(json);
}

} // namespace

std::vector<AdminRoute> spendRoutes(const ControlRoom &room, const PriceBook &prices)
{
    std::vector<AdminRoute> routes{
        {"GET", "/ui/api/spend/summary",
         [&room](const AdminCall &call) { return summary(room, call); }},
        {"GET", "/ui/api/spend/series",
         [&room](const AdminCall &call) { return series(room, call); }},
        {"GET", "/ui/api/spend/breakdown",
         [&room](const AdminCall &call) { return breakdown(room, call); }},
        {"GET", "/ui/api/spend/what-if",
         [&room, &prices](const AdminCall &call) { return whatIf(room, prices, call); }}};
    std::vector<AdminRoute> calls = callRoutes(room);
    routes.insert(routes.end(), calls.begin(), calls.end());
    return routes;
}

} // namespace delta::admin

#include "gateway/admin/spend_report_json.h"

#include "gateway/admin/spend_report_query.h"
#include "shared/json/json_codec.h"
#include "shared/json/value_codec.h"

#include <QJsonArray>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

QJsonValue textOrNull(const QByteArray &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(QString::fromUtf8(text));
}

QJsonValue timeOrNull(const std::optional<WallTime> &time)
{
    return time ? JsonCodec<WallTime>::encode(*time) : QJsonValue(QJsonValue::Null);
}

QJsonObject totalsJson(const store::SpendTotals &totals)
{
    QJsonObject json = toJson(totals.usage);
    json.insert("requests"_L1, totals.requests);
    json.insert("unreported_requests"_L1, totals.unreportedRequests);
    json.insert("unpriced_requests"_L1, totals.unpricedRequests);
    json.insert("latency_ms"_L1, JsonCodec<std::chrono::microseconds>::encode(totals.latency));
    json.insert("spend"_L1, JsonCodec<Money>::encode(totals.spend));
    return json;
}

QJsonObject groupJson(const store::ReportQuestion &question, const store::ReportGroup &group)
{
    QJsonObject json = totalsJson(group.totals);
    json.insert("id"_L1, textOrNull(group.name));
    json.insert("name"_L1, textOrNull(group.alias));
    if (question.interval != store::ReportInterval::None) {
        QJsonArray steps;
        for (const store::ReportStep &step : group.steps) {
            QJsonObject stepJson = totalsJson(step.totals);
            stepJson.insert("start"_L1, JsonCodec<WallTime>::encode(step.start));
            steps.append(stepJson);
        }
        json.insert("steps"_L1, steps);
    }
    return json;
}

} // namespace

QJsonObject reportJson(const store::ReportQuestion &question, const store::SpendReport &report)
{
    QJsonArray groups;
    for (const store::ReportGroup &group : report.groups) {
        groups.append(groupJson(question, group));
    }
    return {{"group_by"_L1, groupingName(question.dimension)},
            {"interval"_L1, intervalName(question.interval)},
            {"start_date"_L1, timeOrNull(question.range.from)},
            {"end_date"_L1, timeOrNull(question.range.until)},
            {"totals"_L1, totalsJson(report.totals)},
            {"groups"_L1, groups},
            {"pagination"_L1,
             QJsonObject{{"limit"_L1, question.page.limit},
                         {"offset"_L1, question.page.offset},
                         {"has_more"_L1, report.hasMore}}}};
}

} // namespace delta::admin

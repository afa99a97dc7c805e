#include "gateway/admin/spend_report_json.h"

#include "gateway/admin/json_text.h"
#include "gateway/admin/spend_report_query.h"
#include "shared/json/json_codec.h"
#include "shared/json/value_codec.h"

#include <QHash>
#include <QJsonObject>

#include <tuple>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

constexpr int usdDecimals = 9;
constexpr int millisecondDecimals = 3;

QJsonValue textOrNull(const QByteArray &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(QString::fromUtf8(text));
}

QJsonValue timeOrNull(const std::optional<WallTime> &time)
{
    return time ? JsonCodec<WallTime>::encode(*time) : QJsonValue(QJsonValue::Null);
}

/// The steps of all groups begin at the same times, and to make the text of a time takes longer than all else of a
/// step.
class StepTimes
{
public:
    [[nodiscard]] const QByteArray &json(WallTime start)
    {
        QByteArray &text = m_texts[start.time_since_epoch().count()];
        if (text.isEmpty()) {
            text = jsonOf(JsonCodec<WallTime>::encode(start));
        }
        return text;
    }

private:
    QHash<qint64, QByteArray> m_texts;
};

template <typename Member>
void addCount(JsonText &json, const Usage &usage, const Field<ByType, Usage, Member> &field)
{
    json.member(field.name, usage.*(field.member));
}

template <typename Function>
void addCount(JsonText &json, const Usage &usage, const ComputedField<Function> &field)
{
    json.member(field.name, field.compute(usage));
}

void addTotals(JsonText &json, const store::SpendTotals &totals)
{
    json.member("requests"_L1, totals.requests);
    json.member("failed_requests"_L1, totals.failedRequests);
    json.member("unreported_requests"_L1, totals.unreportedRequests);
    json.member("unpriced_requests"_L1, totals.unpricedRequests);
    std::apply([&](const auto &...fields) { (addCount(json, totals.usage, fields), ...); },
               Usage::fields());
    json.member("latency_ms"_L1, totals.latency.count(), millisecondDecimals);
    json.member("spend"_L1, totals.spend.nanos(), usdDecimals);
}

void addSteps(JsonText &json, const store::ReportGroup &group, StepTimes &times)
{
    json.name("steps"_L1);
    json.begin('[');
    for (const store::ReportStep &step : group.steps) {
        json.begin('{');
        json.member("start"_L1, times.json(step.start));
        addTotals(json, step.totals);
        json.end('}');
    }
    json.end(']');
}

void addGroups(JsonText &json, const store::ReportQuestion &question,
               const store::SpendReport &report)
{
    StepTimes times;
    json.name("groups"_L1);
    json.begin('[');
    for (const store::ReportGroup &group : report.groups) {
        json.begin('{');
        json.member("id"_L1, textOrNull(group.name));
        json.member("name"_L1, textOrNull(group.alias));
        addTotals(json, group.totals);
        if (question.interval != store::ReportInterval::None) {
            addSteps(json, group, times);
        }
        json.end('}');
    }
    json.end(']');
}

} // namespace

QByteArray reportJson(const store::ReportQuestion &question, const store::SpendReport &report)
{
    JsonText json;
    json.begin('{');
    json.member("group_by"_L1, QJsonValue(groupingName(question.dimension)));
    json.member("interval"_L1, QJsonValue(intervalName(question.interval)));
    json.member("start_date"_L1, timeOrNull(question.range.from));
    json.member("end_date"_L1, timeOrNull(question.range.until));
    json.name("totals"_L1);
    json.begin('{');
    addTotals(json, report.totals);
    json.end('}');
    addGroups(json, question, report);
    json.member("pagination"_L1,
                QJsonValue(QJsonObject{{"limit"_L1, question.page.limit},
                                       {"offset"_L1, question.page.offset},
                                       {"has_more"_L1, report.hasMore}}));
    json.end('}');
    return json.take();
}

} // namespace delta::admin

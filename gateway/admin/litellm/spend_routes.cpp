#include "gateway/admin/litellm/spend_routes.h"

#include "gateway/admin/litellm/resource.h"
#include "gateway/admin/query_values.h"
#include "shared/json/value_codec.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <chrono>
#include <tuple>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

constexpr auto startName = "start_date"_L1;
constexpr auto endName = "end_date"_L1;
constexpr auto groupName = "group_by"_L1;

/// A list of what something cost: which of our dimensions it is of, and what its members are called.
struct SumList {
    QByteArrayView path;
    QLatin1StringView dimension;
    QLatin1StringView id;
    QLatin1StringView name; ///< Empty: it has none.
    QLatin1StringView spend;
    QLatin1StringView count; ///< Empty: they are not counted.
    QLatin1StringView
        wrapper; ///< The member that the list is of an object; empty: it is the answer.
};

constexpr std::array sumLists{
    SumList{"/spend/keys", "key"_L1, "token"_L1, "key_alias"_L1, "spend"_L1, {}, {}},
    SumList{"/spend/users", "user"_L1, "user_id"_L1, "user_email"_L1, "spend"_L1, {}, {}},
    SumList{"/spend/tags",
            "tag"_L1,
            "individual_request_tag"_L1,
            {},
            "total_spend"_L1,
            "log_count"_L1,
            {}},
    SumList{"/global/spend/keys", "key"_L1, "api_key"_L1, "key_alias"_L1, "total_spend"_L1, {}, {}},
    SumList{"/global/spend/models", "model"_L1, "model"_L1, {}, "total_spend"_L1, {}, {}},
    SumList{"/global/spend/provider", "provider"_L1, "provider"_L1, {}, "spend"_L1, {}, {}},
    SumList{"/global/spend/tags",
            "tag"_L1,
            "name"_L1,
            {},
            "spend"_L1,
            "log_count"_L1,
            "spend_per_tag"_L1},
};

/// Reads the range of a request, whose days are of UTC, the last one included; of thirty days if it says none.
Result<QUrlQuery> rangeOf(const QUrlQuery &query)
{
    QUrlQuery range;
    for (const auto &[theirs, ours, shift] :
         {std::tuple{startName, "from"_L1, 0}, {endName, "until"_L1, 1}}) {
        TRY(const auto time, readTime(query, theirs, std::chrono::days(shift)));
        if (time) {
            range.addQueryItem(ours, JsonCodec<WallTime>::encode(*time).toString());
        }
    }
    return range;
}

/// The same; of as long ago as reports go, but for a day, if it says none.
Result<QUrlQuery> wholeRangeOf(const Steps &steps, const QUrlQuery &query)
{
    constexpr std::chrono::days longest{5 * 366 - 1};
    TRY(QUrlQuery range, rangeOf(query));
    if (!range.hasQueryItem(u"from"_s) && !range.hasQueryItem(u"until"_s)) {
        const auto from = JsonCodec<WallTime>::encode(steps.now() - longest);
        range.addQueryItem(u"from"_s, from.toString());
    }
    return range;
}

/// Asks for a report of ours; errors about the range name theirs.
Result<QJsonObject> ask(const Steps &steps, const AdminCall &call, const QByteArray &report,
                        const QUrlQuery &query)
{
    return steps.ask(call, {.method = "GET", .pattern = "/ui/api/spend/" + report, .query = query})
        .transform_error([](ApiError error) {
            for (const auto &[theirs, ours] :
                 {std::pair{startName, "from"_L1}, {endName, "until"_L1}}) {
                error.message.replace(u"'%1'"_s.arg(ours), u"'%1'"_s.arg(theirs));
                error.param = error.param == ours ? QString(theirs) : error.param;
            }
            return error;
        });
}

QJsonObject sumOf(const SumList &list, const QJsonValue &group)
{
    QJsonObject sum{{list.id, group["id"_L1]}, {list.spend, group["totals"_L1]["spend"_L1]}};
    if (!list.name.isEmpty()) {
        sum.insert(list.name, group["name"_L1]);
    }
    if (!list.count.isEmpty()) {
        sum.insert(list.count, group["totals"_L1]["requests"_L1]);
    }
    return sum;
}

Result<Answer> sums(const Steps &steps, const AdminCall &call)
{
    const auto list = std::ranges::find(sumLists, call.request.path, &SumList::path);
    static constexpr std::array known{startName, endName, "limit"_L1};
    TRY_VOID(checkNames(call.query, known));
    TRY(QUrlQuery query, wholeRangeOf(steps, call.query));
    TRY(const qint64 limit, readCount(call.query, "limit"_L1, 100, 200));
    if (limit == 0) {
        return wrongParameter("limit"_L1, u"must be at least 1"_s);
    }
    query.addQueryItem(groupName, list->dimension);
    query.addQueryItem(u"limit"_s, QString::number(limit));
    TRY(const QJsonObject report, ask(steps, call, "breakdown", query));
    QJsonArray found;
    for (const auto &group : report.value("groups"_L1).toArray()) {
        found.append(sumOf(*list, group));
    }
    return list->wrapper.isEmpty() ? jsonAnswer(found)
                                   : jsonAnswer(QJsonObject{{list->wrapper, found}});
}

/// Says an error about the range by the names that it has in a body.
ApiError aboutTimes(ApiError error)
{
    for (const auto &[field, name] :
         {std::pair{"startTime"_L1, startName}, {"endTime"_L1, endName}}) {
        if (error.param == name) {
            error.message.replace(u"The query parameter '%1'"_s.arg(name), u"'%1'"_s.arg(field));
            error.message.replace(u"'%1'"_s.arg(name), u"'%1'"_s.arg(field));
            error.param = field;
        }
    }
    return error;
}

/// What was spent for end users: the dearest first, asked for in a body.
Result<Answer> endUsers(const Steps &steps, const AdminCall &call)
{
    static constexpr SumList list{.path = {},
                                  .dimension = "end_user"_L1,
                                  .id = "end_user"_L1,
                                  .name = {},
                                  .spend = "total_spend"_L1,
                                  .count = "total_count"_L1,
                                  .wrapper = {}};
    QJsonObject request = call.body;
    QUrlQuery theirs;
    for (const auto &[field, name] :
         {std::pair{"startTime"_L1, startName}, {"endTime"_L1, endName}}) {
        TRY(const QString time, takeOptionalText(request, field));
        theirs.addQueryItem(name, time);
    }
    TRY(const QString key, takeOptionalText(request, "api_key"_L1));
    TRY_VOID(checkRest(request, {u"startTime"_s, u"endTime"_s, u"api_key"_s}));
    TRY(QUrlQuery query, wholeRangeOf(steps, theirs).transform_error(aboutTimes));
    query.addQueryItem(groupName, list.dimension);
    if (!key.isEmpty()) {
        query.addQueryItem(u"key_id"_s, QString::fromLatin1(QUrl::toPercentEncoding(key)));
    }
    TRY(const QJsonObject report, ask(steps, call, "breakdown", query).transform_error(aboutTimes));
    QJsonArray found;
    for (const auto &group : report.value("groups"_L1).toArray()) {
        found.append(sumOf(list, group));
    }
    return jsonAnswer(found);
}

/// The whole, under the names of LiteLLM and of the original.
Result<Answer> total(const Steps &steps, const AdminCall &call)
{
    static constexpr std::array known{startName, endName};
    TRY_VOID(checkNames(call.query, known));
    TRY(const QUrlQuery query, wholeRangeOf(steps, call.query));
    TRY(const QJsonObject report, ask(steps, call, "summary", query));
    const QJsonValue totals = report.value("totals"_L1);
    return jsonAnswer(QJsonObject{{"spend"_L1, totals["spend"_L1]},
                                  {"max_budget"_L1, QJsonValue()},
                                  {"total_spend"_L1, totals["spend"_L1]},
                                  {"total_tokens"_L1, totals["total_tokens"_L1]},
                                  {"prompt_tokens"_L1, totals["prompt_tokens"_L1]},
                                  {"completion_tokens"_L1, totals["completion_tokens"_L1]},
                                  {"total_requests"_L1, totals["requests"_L1]}});
}

/// Returns the days of a series of ours.
QStringList daysOf(const QJsonObject &series)
{
    QStringList days;
    for (const auto &start : series.value("starts"_L1).toArray()) {
        days.append(start.toString().first(10));
    }
    return days;
}

Result<QJsonObject> dailySeries(const Steps &steps, const AdminCall &call,
                                QLatin1StringView dimension)
{
    TRY(QUrlQuery query, rangeOf(call.query));
    query.addQueryItem(u"interval"_s, u"day"_s);
    if (!dimension.isEmpty()) {
        query.addQueryItem(groupName, dimension);
        query.addQueryItem(u"limit"_s, u"50"_s);
    }
    const QString key = call.query.queryItemValue(u"api_key"_s);
    if (!key.isEmpty()) {
        query.addQueryItem(u"key_id"_s, key);
    }
    return ask(steps, call, "series", query);
}

Result<Answer> daily(const Steps &steps, const AdminCall &call)
{
    static constexpr std::array known{startName, endName, "api_key"_L1};
    TRY_VOID(checkNames(call.query, known));
    TRY(const QJsonObject series, dailySeries(steps, call, {}));
    const QStringList days = daysOf(series);
    const QJsonArray sums = series.value("steps"_L1).toArray();
    QJsonArray found;
    for (qsizetype i = 0; i < days.size(); ++i) {
        found.append(QJsonObject{{"date"_L1, days[i]}, {"spend"_L1, sums[i]["spend"_L1]}});
    }
    return jsonAnswer(found);
}

QString nameOf(const QJsonValue &group)
{
    const QString name = group["name"_L1].toString();
    return name.isEmpty() ? group["id"_L1].toString() : name;
}

Result<Answer> teams(const Steps &steps, const AdminCall &call)
{
    static constexpr std::array known{startName, endName};
    TRY_VOID(checkNames(call.query, known));
    TRY(const QJsonObject series, dailySeries(steps, call, "team"_L1));
    const QStringList days = daysOf(series);
    const QJsonArray groups = series.value("groups"_L1).toArray();
    QJsonArray perDay;
    for (qsizetype i = 0; i < days.size(); ++i) {
        QJsonObject day{{"date"_L1, days[i]}};
        for (const auto &group : groups) {
            day.insert(nameOf(group), group["steps"_L1][i]["spend"_L1]);
        }
        perDay.append(day);
    }
    QJsonArray names;
    QJsonArray perTeam;
    for (const auto &group : groups) {
        names.append(nameOf(group));
        perTeam.append(QJsonObject{{"team_id"_L1, group["id"_L1]},
                                   {"total_spend"_L1, group["totals"_L1]["spend"_L1]}});
    }
    return jsonAnswer(QJsonObject{
        {"daily_spend"_L1, perDay}, {"teams"_L1, names}, {"total_spend_per_team"_L1, perTeam}});
}

QJsonObject breakdownRow(const QJsonValue &key, const QJsonValue &totals)
{
    return {{"group_key"_L1, key},
            {"total_spend"_L1, totals["spend"_L1]},
            {"request_count"_L1, totals["requests"_L1]},
            {"total_tokens"_L1, totals["total_tokens"_L1]}};
}

/// What the original reports: by day in their order, else the dearest first.
Result<Answer> report(const Steps &steps, const AdminCall &call)
{
    static constexpr std::array known{startName, endName, groupName};
    static constexpr std::array groups{"model"_L1,        "provider"_L1, "user"_L1, "team"_L1,
                                       "organization"_L1, "api_key"_L1,  "tag"_L1};
    TRY_VOID(checkNames(call.query, known));
    const QString group = call.query.queryItemValue(groupName).isEmpty()
        ? u"day"_s
        : call.query.queryItemValue(groupName);
    QJsonArray rows;
    if (group == "day"_L1) {
        TRY(const QJsonObject series, dailySeries(steps, call, {}));
        const QStringList days = daysOf(series);
        for (qsizetype i = 0; i < days.size(); ++i) {
            rows.append(breakdownRow(days[i], series.value("steps"_L1)[i]));
        }
        return jsonAnswer(QJsonObject{{groupName, group}, {"breakdown"_L1, rows}});
    }
    if (!std::ranges::contains(groups, group)) {
        return wrongParameter(groupName,
                              u"must be one of day, model, provider, user, team, "
                              "organization, api_key, tag"_s);
    }
    TRY(QUrlQuery query, rangeOf(call.query));
    query.addQueryItem(groupName, group == "api_key"_L1 ? u"key"_s : group);
    query.addQueryItem(u"limit"_s, u"200"_s);
    TRY(const QJsonObject found, ask(steps, call, "breakdown", query));
    for (const auto &each : found.value("groups"_L1).toArray()) {
        rows.append(breakdownRow(each["id"_L1], each["totals"_L1]));
    }
    return jsonAnswer(QJsonObject{{groupName, group}, {"breakdown"_L1, rows}});
}

} // namespace

std::vector<AdminRoute> spendRoutes(const Steps &steps)
{
    std::vector<SteppedRoute> routes{{"GET", "/global/spend", total},
                                     {"GET", "/global/spend/logs", daily},
                                     {"GET", "/global/spend/teams", teams},
                                     {"GET", "/global/spend/report", report},
                                     {"POST", "/global/spend/end_users", endUsers}};
    for (const SumList &list : sumLists) {
        routes.push_back({"GET", list.path.toByteArray(), sums});
    }
    return routesOf(steps, routes);
}

} // namespace delta::admin::litellm

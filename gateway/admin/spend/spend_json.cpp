#include "gateway/admin/spend/spend_json.h"

#include "gateway/admin/spend/time_steps.h"
#include "shared/json/json_codec.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::Dimension;

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonValue textOrNull(const QByteArray &text)
{
    return textOrNull(QString::fromUtf8(text));
}

/// What people call somebody; nothing where it is not known, or the id says it.
Result<QString> nameOf(store::ControlTables &tables, Dimension dimension,
                       const store::UsageGroup &group)
{
    const QString id = QString::fromUtf8(group.name);
    switch (dimension) {
    case Dimension::Key:
        return QString::fromUtf8(group.alias);
    case Dimension::User: {
        TRY(const auto user, tables.users.find({id}));
        return user ? (user->email.isEmpty() ? user->name : user->email) : QString();
    }
    case Dimension::Team: {
        TRY(const auto team, tables.teams.find({id}));
        return team ? team->name : QString();
    }
    case Dimension::Organization: {
        TRY(const auto organization, tables.organizations.find({id}));
        return organization ? organization->name : QString();
    }
    default:
        return QString();
    }
}

} // namespace

QJsonObject totalsJson(const store::SpendTotals &totals)
{
    QJsonObject json = toJson(totals.usage);
    json.insert("requests"_L1, totals.requests);
    json.insert("failed_requests"_L1, totals.failedRequests);
    json.insert("unreported_requests"_L1, totals.unreportedRequests);
    json.insert("unpriced_requests"_L1, totals.unpricedRequests);
    json.insert("mean_latency_ms"_L1,
                totals.requests == 0
                    ? QJsonValue()
                    : QJsonValue(qint64(totals.latency.count() / totals.requests / 1000)));
    json.insert("spend"_L1, JsonCodec<Money>::encode(totals.spend));
    return json;
}

QJsonObject rangeJson(const std::vector<qint64> &bounds)
{
    return {{"from"_L1, JsonCodec<WallTime>::encode(timeOf(bounds.front()))},
            {"until"_L1, JsonCodec<WallTime>::encode(timeOf(bounds.back()))}};
}

Result<QJsonObject> groupJson(store::ControlTables &tables, Dimension dimension,
                              const store::UsageGroup &group)
{
    TRY(const QString name, nameOf(tables, dimension, group));
    return QJsonObject{{"id"_L1, QString::fromUtf8(group.name)}, {"name"_L1, textOrNull(name)}};
}

QJsonObject callJson(const store::LoggedCall &call)
{
    const SpendEntry &entry = call.entry;
    const auto time = [](WallTime value) { return JsonCodec<WallTime>::encode(value); };
    const auto duration = [](std::chrono::microseconds value) {
        return JsonCodec<std::chrono::microseconds>::encode(value);
    };
    QJsonObject json = toJson(entry.usage);
    const std::pair<QLatin1StringView, QJsonValue> members[] = {
        {"id"_L1, QString::number(call.id)},
        {"request_id"_L1, QString::fromUtf8(entry.requestId)},
        {"client_request_id"_L1, textOrNull(entry.clientRequestId)},
        {"operation"_L1, QString::fromUtf8(entry.operation)},
        {"key_id"_L1, textOrNull(entry.keyId)},
        {"user_id"_L1, textOrNull(entry.userId)},
        {"team_id"_L1, textOrNull(entry.teamId)},
        {"organization_id"_L1, textOrNull(entry.organizationId)},
        {"tags"_L1,
         QJsonArray::fromStringList(
             QString::fromUtf8(entry.tags).split(u'\n', Qt::SkipEmptyParts))},
        {"end_user"_L1, textOrNull(entry.endUser)},
        {"model"_L1, textOrNull(entry.model)},
        {"deployment_id"_L1, textOrNull(entry.deploymentId)},
        {"provider"_L1, textOrNull(entry.provider)},
        {"upstream_model"_L1, textOrNull(entry.upstreamModel)},
        {"started_at"_L1, time(entry.startedAt)},
        {"ended_at"_L1, time(entry.endedAt())},
        {"latency_ms"_L1, duration(entry.latency)},
        {"time_to_first_ms"_L1, duration(entry.timeToFirst)},
        {"upstream_latency_ms"_L1, duration(entry.upstreamLatency)},
        {"usage_source"_L1, QString(enumName(entry.usageSource))},
        {"spend"_L1, JsonCodec<Money>::encode(entry.cost)},
        {"is_priced"_L1, entry.isPriced},
        {"stream"_L1, entry.isStream},
        {"outcome"_L1, QString(enumName(entry.outcome))},
        {"status"_L1, entry.status},
        {"error_code"_L1, textOrNull(entry.errorCode)},
        {"has_content"_L1, call.hasContent}};
    for (const auto &[name, value] : members) {
        json.insert(name, value);
    }
    return json;
}

QStringList callColumns()
{
    return {u"id"_s,
            u"started_at"_s,
            u"ended_at"_s,
            u"request_id"_s,
            u"outcome"_s,
            u"status"_s,
            u"error_code"_s,
            u"operation"_s,
            u"model"_s,
            u"deployment_id"_s,
            u"provider"_s,
            u"upstream_model"_s,
            u"key_id"_s,
            u"user_id"_s,
            u"team_id"_s,
            u"organization_id"_s,
            u"end_user"_s,
            u"tags"_s,
            u"spend"_s,
            u"prompt_tokens"_s,
            u"completion_tokens"_s,
            u"total_tokens"_s,
            u"latency_ms"_s,
            u"time_to_first_ms"_s,
            u"upstream_latency_ms"_s,
            u"stream"_s,
            u"is_priced"_s,
            u"usage_source"_s};
}

} // namespace delta::admin

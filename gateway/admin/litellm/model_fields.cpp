#include "gateway/admin/litellm/model_fields.h"

#include "gateway/admin/api_job.h"
#include "shared/core/quoted.h"

#include <QMap>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

/// Seconds of theirs are milliseconds of ours.
Result<QJsonValue> takeSeconds(const QJsonValue &value, const QString &field)
{
    constexpr double longest = 86'400;
    const double milliseconds = value.toDouble(-1) * 1000;
    if (milliseconds < 1 || milliseconds > longest * 1000) {
        return failure(ApiError::invalidRequest(
            u"'%1' must be a number of seconds, at least 0.001 and at most a day."_s.arg(field),
            field));
    }
    return QJsonValue(qint64(std::llround(milliseconds)));
}

QJsonValue showSeconds(const QJsonValue &value)
{
    return value.isDouble() ? QJsonValue(value.toDouble() / 1000) : QJsonValue();
}

QJsonValue showIsStored(const QJsonValue &value)
{
    return value == "database"_L1;
}

constexpr std::array priceFields{
    FieldRow{.theirs = "input_cost_per_token"_L1, .ours = "prices.input_cost_per_token"_L1},
    FieldRow{.theirs = "output_cost_per_token"_L1, .ours = "prices.output_cost_per_token"_L1},
    FieldRow{.theirs = "cache_read_input_token_cost"_L1,
             .ours = "prices.cache_read_input_token_cost"_L1},
    FieldRow{.theirs = "cache_creation_input_token_cost"_L1,
             .ours = "prices.cache_creation_input_token_cost"_L1},
    FieldRow{.theirs = "output_cost_per_reasoning_token"_L1,
             .ours = "prices.output_cost_per_reasoning_token"_L1},
    FieldRow{.theirs = "input_cost_per_audio_token"_L1,
             .ours = "prices.input_cost_per_audio_token"_L1},
    FieldRow{.theirs = "output_cost_per_audio_token"_L1,
             .ours = "prices.output_cost_per_audio_token"_L1},
    FieldRow{.theirs = "output_cost_per_image"_L1, .ours = "prices.output_cost_per_image"_L1},
    FieldRow{.theirs = "input_cost_per_request"_L1, .ours = "prices.input_cost_per_request"_L1},
};

constexpr std::array ownParams{
    FieldRow{.theirs = "model"_L1, .ours = "model"_L1},
    FieldRow{.theirs = "custom_llm_provider"_L1, .ours = "provider"_L1},
    FieldRow{.theirs = "api_base"_L1, .ours = "api_base"_L1},
    FieldRow{.theirs = "litellm_credential_name"_L1, .ours = "credential_id"_L1},
    FieldRow{.theirs = "organization"_L1, .ours = "organization"_L1},
    FieldRow{.theirs = "weight"_L1, .ours = "weight"_L1},
    FieldRow{.theirs = "order"_L1, .ours = "priority"_L1},
    FieldRow{
        .theirs = "timeout"_L1, .ours = "timeout_ms"_L1, .take = takeSeconds, .show = showSeconds},
    FieldRow{.theirs = "stream_timeout"_L1,
             .ours = "stream_timeout_ms"_L1,
             .take = takeSeconds,
             .show = showSeconds},
    FieldRow{.theirs = "tags"_L1, .ours = "tags"_L1},
    FieldRow{.theirs = "extra_headers"_L1, .ours = "extra_headers"_L1},
    idle("rpm"_L1),
    idle("tpm"_L1),
    idle("max_parallel_requests"_L1),
    idle("max_retries"_L1),
    idle("api_version"_L1),
    idle("region_name"_L1),
    idle("mock_response"_L1),
    idle("guardrails"_L1),
    idle("use_in_pass_through"_L1),
    idle("merge_reasoning_content_in_choices"_L1),
    idle("max_budget"_L1),
    idle("budget_duration"_L1),
};
constexpr auto paramFields = joined(ownParams, priceFields);

constexpr std::array ownInfo{
    shown("id"_L1, "deployment_id"_L1),
    FieldRow{.theirs = "base_model"_L1, .ours = "base_model"_L1},
    FieldRow{.theirs = "mode"_L1, .ours = "mode"_L1},
    FieldRow{.theirs = "max_output_tokens"_L1, .ours = "max_output_tokens"_L1},
    FieldRow{.theirs = "description"_L1, .ours = "description"_L1},
    FieldRow{
        .theirs = "db_model"_L1, .ours = "source"_L1, .use = FieldUse::Shown, .show = showIsStored},
    shown("state"_L1, "state"_L1),
    shown("created_at"_L1, "created_at"_L1),
    shown("updated_at"_L1, "updated_at"_L1),
    idle("access_groups"_L1),
    idle("team_id"_L1),
    idle("team_public_model_name"_L1),
    idle("tier"_L1),
};
constexpr auto infoFields = joined(ownInfo, priceFields);

constexpr auto paramsName = "litellm_params"_L1;
constexpr auto infoName = "model_info"_L1;

ApiError below(ApiError error, QLatin1StringView object)
{
    const QString name = object + u'.' + error.param;
    error.message.replace(u'\'' + error.param + u'\'', u'\'' + name + u'\'');
    error.param = name;
    return error;
}

Result<QJsonObject> takeObject(QJsonObject &request, QLatin1StringView name)
{
    const QJsonValue value = request.take(name);
    if (!value.isObject() && !value.isNull() && !value.isUndefined()) {
        return failure(
            ApiError::invalidRequest(u"'%1' must be an object."_s.arg(name), QString(name)));
    }
    return value.toObject();
}

/// Reads one of the objects of a request into ours.
Result<void> readPart(FieldMap map, QLatin1StringView name, const QJsonObject &part,
                      QJsonObject &ours)
{
    TRY(const QJsonObject read, toOurs(map, part).transform_error([name](ApiError error) {
        return below(std::move(error), name);
    }));
    for (auto member = read.begin(); member != read.end(); ++member) {
        QJsonValue value = *member;
        if (member.key() == "prices"_L1) { // They may be in both.
            QJsonObject prices = ours.value("prices"_L1).toObject();
            const QJsonObject more = value.toObject();
            for (auto price = more.begin(); price != more.end(); ++price) {
                prices.insert(price.key(), *price);
            }
            value = prices;
        }
        ours.insert(member.key(), value);
    }
    return {};
}

} // namespace

const Kind &deploymentKind()
{
    static const Kind kind{
        .path = "/ui/api/deployments"_ba, .parameter = "{deployment_id}"_ba, .fields = paramFields};
    return kind;
}

Result<ModelRequest> readModelRequest(const QJsonObject &request, const QJsonObject *before)
{
    QJsonObject rest = request;
    ModelRequest read;
    TRY(QJsonObject params, takeObject(rest, paramsName));
    TRY(QJsonObject info, takeObject(rest, infoName));
    TRY(const QString modelName, takeOptionalText(rest, "model_name"_L1));
    TRY_VOID(checkRest(rest, {u"model_name"_s, u"litellm_params"_s, u"model_info"_s}));
    if (!modelName.isEmpty()) {
        read.ours.insert("model_name"_L1, modelName);
    }
    const auto inParams = [](ApiError error) { return below(std::move(error), paramsName); };
    TRY(read.apiKey, takeOptionalText(params, "api_key"_L1).transform_error(inParams));
    TRY(read.id, takeOptionalText(info, "id"_L1).transform_error([](ApiError error) {
        return below(std::move(error), infoName);
    }));
    for (const auto name : {"db_model"_L1, "created_at"_L1, "updated_at"_L1, "state"_L1}) {
        info.remove(name); // Clients send back what they were shown.
    }
    if (before) {
        read.ours.insert("prices"_L1, before->value("prices"_L1));
    }
    TRY_VOID(readPart(paramFields, paramsName, before ? params : withoutNulls(params), read.ours));
    TRY_VOID(readPart(infoFields, infoName, before ? info : withoutNulls(info), read.ours));
    const QJsonObject prices = withoutNulls(read.ours.value("prices"_L1).toObject());
    if (before || !prices.isEmpty()) {
        read.ours.insert("prices"_L1, prices);
    }
    return read;
}

ApiError modelError(ApiError error)
{
    const auto has = [&error](FieldMap map) {
        return std::ranges::contains(map, error.param, &FieldRow::ours);
    };
    if (error.param == "deployment_id"_L1 || has(ownInfo)) {
        return below(inTheirWords(infoFields, {}, std::move(error)), infoName);
    }
    if (error.param == "api_key"_L1 || has(paramFields)) {
        return below(inTheirWords(paramFields, {}, std::move(error)), paramsName);
    }
    return error;
}

QJsonObject shownModel(const QJsonObject &ours)
{
    QJsonObject params = withoutNulls(toTheirs(paramFields, ours));
    const QJsonObject info = toTheirs(infoFields, ours);
    return {{"model_name"_L1, ours.value("model_name"_L1)}, {paramsName, params}, {infoName, info}};
}

QJsonArray shownGroups(const QJsonArray &ours)
{
    QMap<QString, QJsonObject> groups;
    for (const auto &value : ours) {
        const QJsonObject deployment = value.toObject();
        const QString name = deployment.value("model_name"_L1).toString();
        QJsonObject group = groups.value(name);
        if (group.isEmpty()) {
            const QJsonObject info = toTheirs(infoFields, deployment);
            group = {{"model_group"_L1, name}, {"providers"_L1, QJsonArray()}};
            for (const auto field : {"mode"_L1, "max_output_tokens"_L1, "input_cost_per_token"_L1,
                                     "output_cost_per_token"_L1}) {
                group.insert(field, info.value(field));
            }
        }
        const QString model = deployment.value("model"_L1).toString();
        const QString own = deployment.value("provider"_L1).toString();
        const QJsonValue provider = own.isEmpty() ? model.section(u'/', 0, 0) : own;
        QJsonArray providers = group.value("providers"_L1).toArray();
        if (!providers.contains(provider)) {
            providers.append(provider);
        }
        group.insert("providers"_L1, providers);
        groups.insert(name, group);
    }
    QJsonArray shown;
    for (const QJsonObject &group : std::as_const(groups)) {
        shown.append(group);
    }
    return shown;
}

} // namespace delta::admin::litellm

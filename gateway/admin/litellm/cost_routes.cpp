#include "gateway/admin/litellm/cost_routes.h"

#include "gateway/admin/litellm/resource.h"
#include "shared/billing/cost.h"
#include "shared/billing/token_estimate.h"
#include "shared/core/quoted.h"
#include "shared/core/secret.h"
#include "shared/json/json_codec.h"
#include "shared/models/stored_deployment.h"

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

constexpr auto modelName = "model"_L1;
constexpr auto messagesName = "messages"_L1;
constexpr auto answerName = "completion_response"_L1;

/// Returns the prices of the first deployment of a public name; nothing if there is no deployment, or no price.
Result<std::optional<Pricing>> pricingOfDeployment(const Steps &steps, const AdminCall &call,
                                                   const QString &model)
{
    TRY(const QJsonObject found,
        steps.ask(call,
                  {.method = "GET",
                   .pattern = "/ui/api/deployments",
                   .query = queryOf("model_name"_L1, model)}));
    const QJsonArray deployments = found.value("items"_L1).toArray();
    if (deployments.isEmpty()) {
        return std::nullopt;
    }
    QJsonObject shown = deployments.first().toObject();
    shown.remove("last_check"_L1);
    TRY(const StoredDeployment deployment, fromJson<StoredDeployment>(shown));
    TRY(const routing::StoredEndpoint made,
        steps.parts().endpoints.make(deployment, nullptr, Secret()));
    const Pricing &pricing = made.endpoint.deployment.pricing;
    return pricing.base.input ? std::optional(pricing) : std::nullopt;
}

/// Finds the prices of a public model, or of "provider/name".
Result<Pricing> pricingOf(const Steps &steps, const AdminCall &call, const QString &model)
{
    TRY(const std::optional<Pricing> own, pricingOfDeployment(steps, call, model));
    if (own) {
        return *own;
    }
    const qsizetype slash = model.indexOf(u'/');
    const Pricing *const listed = slash <= 0
        ? nullptr
        : steps.parts().prices.find(model.first(slash), model.sliced(slash + 1));
    if (!listed) {
        return failure(ApiError::invalidRequest(
            u"'model' names %1, whose price is not known here."_s.arg(quoted(model)),
            QString(modelName)));
    }
    return *listed;
}

/// Returns a number of tokens; zero if it is not there. Errors: InvalidRequest naming the field.
Result<qint64> tokensAt(const QJsonObject &object, QLatin1StringView name, const QString &path)
{
    const QJsonValue value = object.value(name);
    const qint64 tokens = value.toInteger(-1);
    if (!value.isUndefined() && !value.isNull() && tokens < 0) {
        const QString field = path + name;
        return failure(ApiError::invalidRequest(
            u"'%1' must be a whole number, not below zero."_s.arg(field), field));
    }
    return std::max<qint64>(tokens, 0);
}

Result<Usage> usageOfAnswer(const QJsonObject &answer)
{
    const QString path = u"completion_response.usage."_s;
    const QJsonObject json = answer.value("usage"_L1).toObject();
    Usage usage;
    TRY(usage.inputTokens, tokensAt(json, "prompt_tokens"_L1, path));
    TRY(usage.outputTokens, tokensAt(json, "completion_tokens"_L1, path));
    TRY(usage.cacheReadTokens,
        tokensAt(json.value("prompt_tokens_details"_L1).toObject(), "cached_tokens"_L1,
                 path + u"prompt_tokens_details."_s));
    TRY(usage.reasoningTokens,
        tokensAt(json.value("completion_tokens_details"_L1).toObject(), "reasoning_tokens"_L1,
                 path + u"completion_tokens_details."_s));
    return usage;
}

/// Counts the texts of messages, whole or in parts. What they would be answered with nobody knows.
Usage usageOfMessages(const QJsonArray &messages)
{
    TokenCounter counter;
    for (const auto &message : messages) {
        const QJsonValue content = message["content"_L1];
        counter.feed(content.toString().toUtf8());
        for (const auto &part : content.toArray()) {
            counter.feed(part["text"_L1].toString().toUtf8());
        }
    }
    Usage usage;
    usage.inputTokens = counter.tokens();
    return usage;
}

Result<Answer> calculate(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    const QJsonValue answer = request.take(answerName);
    const QJsonValue messages = request.take(messagesName);
    TRY(QString model, takeOptionalText(request, modelName));
    TRY_VOID(checkRest(request, {modelName, messagesName, answerName}));
    if (answer.isObject() == messages.isArray()) {
        return failure(ApiError::invalidRequest(
            u"Either 'messages' must be a list, or 'completion_response' an object."_s,
            QString(messagesName)));
    }
    model = model.isEmpty() ? answer[modelName].toString() : model;
    if (model.isEmpty()) {
        return failure(ApiError::invalidRequest(u"'model' must be given."_s, QString(modelName)));
    }
    TRY(const Usage usage,
        answer.isObject() ? usageOfAnswer(answer.toObject())
                          : Result<Usage>(usageOfMessages(messages.toArray())));
    TRY(const Pricing pricing, pricingOf(steps, call, model));
    return jsonAnswer(QJsonObject{{"cost"_L1, JsonCodec<Money>::encode(cost(usage, pricing))}});
}

} // namespace

std::vector<AdminRoute> costRoutes(const Steps &steps)
{
    return routesOf(steps, {{"POST", "/spend/calculate", calculate}});
}

} // namespace delta::admin::litellm

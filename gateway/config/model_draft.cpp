#include "gateway/config/model_draft.h"

#include "shared/billing/configured_prices.h"

#include <QStringList>

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// A configured model, taken apart.
struct ModelName {
    QString provider; ///< Empty: none is named.
    QString model;
};

/// Takes "provider/name" apart at its first slash. "/models/llama" is a name alone: servers of one's
/// own call their models by the file.
ModelName splitModel(const QString &text)
{
    const qsizetype slash = text.indexOf(u'/');
    return slash <= 0 ? ModelName{{}, text} : ModelName{text.first(slash), text.sliced(slash + 1)};
}

void resolveModel(ModelDraft &draft)
{
    Deployment &deployment = draft.endpoint.deployment;
    if (!deployment.provider.isEmpty()) {
        // Named apart: then the slash belongs to the model, as in "meta-llama/Llama-3-8B".
        deployment.upstreamModel = draft.model;
        return;
    }
    const ModelName name = splitModel(draft.model);
    deployment.provider = name.provider;
    deployment.upstreamModel = name.model;
}

/// Returns the value of the params that an error is about, or the entry.
const Value &culprit(const Value &entry, const ModelDraft &draft, const QString &param)
{
    const auto found = draft.params.find(param);
    return found == draft.params.end() ? entry : found->second;
}

/// What can be said of an endpoint once the provider table has completed it.
enum class Verdict { Take, Drop };

Verdict drop(const Value &entry, const ModelDraft &draft, const ApiError &error,
             ConfigDraft &config)
{
    const Value &value = culprit(entry, draft, error.param);
    const QString reason = error.message.endsWith(u'.') ? error.message.chopped(1) : error.message;
    if (error.kind == ErrorKind::Unsupported) {
        config.leftOut.push_back({draft.endpoint.deployment.modelName, value, reason});
    } else {
        value.fail(reason);
    }
    return Verdict::Drop;
}

Verdict prepare(const Value &entry, ModelDraft &draft, ConfigDraft &config)
{
    const ApiError noName = ApiError::invalidRequest(u"must be a name or provider/name"_s,
                                                     u"model"_s);
    if (draft.model.isEmpty()) {
        return drop(entry, draft, noName, config);
    }
    if (const PrepareEndpoint &complete = entry.reading().prepare) {
        const auto prepared = complete(draft.endpoint);
        if (!prepared) {
            return drop(entry, draft, prepared.error(), config);
        }
        if (!prepared->isEmpty()) {
            entry.warn(*prepared);
        }
    }
    // What stands before the slash has been judged first: of an unsupported provider it is enough.
    return draft.endpoint.deployment.upstreamModel.isEmpty() ? drop(entry, draft, noName, config)
                                                             : Verdict::Take;
}

const Pricing *builtInPricing(const PriceBook &book, const ModelDraft &draft)
{
    if (draft.baseModel.isEmpty()) {
        return book.find(draft.endpoint.deployment.provider,
                         draft.endpoint.deployment.upstreamModel);
    }
    const ModelName base = splitModel(draft.baseModel);
    const QString own = draft.endpoint.deployment.provider;
    return book.find(base.provider.isEmpty() ? own : base.provider, base.model);
}

/// Reads the prices of the file over the built-in ones, which may be null for none.
void resolvePricing(const Value &entry, ModelDraft &draft, const Pricing *builtIn)
{
    std::vector<ConfiguredPrice> configured;
    for (const auto &[key, value] : draft.prices) {
        if (auto text = value.text()) {
            configured.push_back({key, *std::move(text)});
        }
    }
    if (configured.empty()) {
        if (!draft.baseModel.isEmpty() && builtIn) {
            draft.endpoint.deployment.pricing = *builtIn;
        }
        return;
    }
    auto pricing = configuredPricing(configured, builtIn);
    if (!pricing) {
        const auto culprit = draft.prices.find(pricing.error().param);
        const QString message = pricing.error().message;
        (culprit == draft.prices.end() ? entry : culprit->second).fail(message.chopped(1));
        return;
    }
    draft.endpoint.deployment.pricing = *std::move(pricing);
}

/// Says whether what the model writes has no price though its input has one, as far as the file tells:
/// only what makes no words needs none.
bool lacksOutputPrice(const ModelDraft &draft, const Pricing *builtIn)
{
    const UnitPrices &prices = draft.endpoint.deployment.pricing.base;
    const bool makesWords = QStringList{{}, u"chat"_s, u"completion"_s}.contains(draft.mode)
        && !(builtIn && !builtIn->base.output);
    return makesWords && prices.input && !prices.output && !prices.request;
}

void notePrices(const Value &entry, const ModelDraft &draft, const Pricing *builtIn)
{
    if (draft.endpoint.unpriced == ports::UnpricedPolicy::Allow) {
        return;
    }
    if (!draft.endpoint.deployment.pricing.isPriced()) {
        entry.warn(u"lacks a price, so its calls are refused; set input_cost_per_token and "
                   "output_cost_per_token, input_cost_per_request, or allow_unpriced: true"_s);
    } else if (lacksOutputPrice(draft, builtIn)) {
        entry.warn(
            u"lacks the price of its output, which is not charged and makes its calls count as "
            "unpriced; set output_cost_per_token, to 0 if it is free"_s);
    }
}

} // namespace

void resolveTimeouts(ModelDraft &draft, const ConfigDraft &config)
{
    const auto timeout = draft.timeout ? draft.timeout : config.timeout;
    const auto ownStream = draft.streamTimeout ? draft.streamTimeout : draft.timeout;
    const auto stream = ownStream ? ownStream
        : config.streamTimeout    ? config.streamTimeout
                                  : config.timeout;
    const ports::UpstreamTimeouts &usual = config.timeouts;
    draft.endpoint.timeouts = timeout ? usual.withinWhole(*timeout) : usual;
    draft.endpoint.streamTimeouts = stream ? usual.withinSilence(*stream) : usual;
}

void finishModel(const Value &entry, ModelDraft draft, ConfigDraft &config)
{
    const bool allowsUnpriced = draft.allowsUnpriced.value_or(config.allowsUnpriced);
    draft.endpoint.unpriced = allowsUnpriced ? ports::UnpricedPolicy::Allow
                                             : ports::UnpricedPolicy::Refuse;
    resolveModel(draft);
    if (prepare(entry, draft, config) == Verdict::Drop) {
        return;
    }
    const Pricing *builtIn = builtInPricing(entry.reading().prices, draft);
    resolvePricing(entry, draft, builtIn);
    notePrices(entry, draft, builtIn);
    resolveTimeouts(draft, config);
    if (draft.endpoint.deployment.modelName.contains(u'*')) {
        entry.warn(u"wildcards are not supported yet: clients must send model_name as it stands"_s);
    }
    config.config.endpoints.push_back(std::move(draft.endpoint));
}

} // namespace delta::config

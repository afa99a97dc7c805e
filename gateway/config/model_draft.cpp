#include "gateway/config/model_draft.h"

#include "shared/billing/configured_prices.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// A configured model, taken apart.
struct ModelName {
    QString provider; ///< Empty: none is named.
    QString model;
};

/// Takes "provider/name" apart at its first slash.
ModelName splitModel(const QString &text)
{
    const qsizetype slash = text.indexOf(u'/');
    return slash < 0 ? ModelName{{}, text} : ModelName{text.first(slash), text.sliced(slash + 1)};
}

void resolveModel(const Value &entry, ModelDraft &draft)
{
    Deployment &deployment = draft.endpoint.deployment;
    if (!deployment.provider.isEmpty()) {
        // Named apart: then the slash belongs to the model, as in "meta-llama/Llama-3-8B".
        deployment.upstreamModel = draft.model;
        return;
    }
    const ModelName name = splitModel(draft.model);
    if (name.model.isEmpty() || (name.provider.isEmpty() && draft.model.startsWith(u'/'))) {
        entry.fail(u"model must be a name or provider/name"_s);
        return;
    }
    deployment.provider = name.provider;
    deployment.upstreamModel = name.model;
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

void resolvePricing(const Value &entry, ModelDraft &draft)
{
    const Pricing *builtIn = builtInPricing(entry.reading().prices, draft);
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

/// A `timeout` bounds a whole unstreamed call. A stream may go on for longer than that as long as
/// it does not fall silent: for it the time counts until it begins, and between two of its parts.
void resolveTimeouts(ModelDraft &draft, const ConfigDraft &config)
{
    const auto timeout = draft.timeout ? draft.timeout : config.timeout;
    const auto ownStream = draft.streamTimeout ? draft.streamTimeout : draft.timeout;
    const auto stream = ownStream ? ownStream
        : config.streamTimeout    ? config.streamTimeout
                                  : config.timeout;
    ports::UpstreamTimeouts &unstreamed = draft.endpoint.timeouts;
    ports::UpstreamTimeouts &streamed = draft.endpoint.streamTimeouts;
    unstreamed = config.timeouts;
    streamed = config.timeouts;
    if (timeout) {
        unstreamed.firstByte = *timeout;
        unstreamed.idle = std::min(unstreamed.idle, *timeout);
        unstreamed.total = *timeout;
    }
    if (stream) {
        streamed.firstByte = *stream;
        streamed.idle = *stream;
        streamed.total = std::max(streamed.total, *stream);
    }
}

} // namespace

ports::Endpoint finishModel(const Value &entry, ModelDraft draft, const ConfigDraft &config)
{
    const bool allowsUnpriced = draft.allowsUnpriced.value_or(config.allowsUnpriced);
    draft.endpoint.unpriced = allowsUnpriced ? ports::UnpricedPolicy::Allow
                                             : ports::UnpricedPolicy::Refuse;
    resolveModel(entry, draft);
    resolvePricing(entry, draft);
    resolveTimeouts(draft, config);
    if (draft.endpoint.deployment.modelName.contains(u'*')) {
        entry.warn(u"wildcards are not supported yet: clients must send model_name as it stands"_s);
    }
    return std::move(draft.endpoint);
}

} // namespace delta::config

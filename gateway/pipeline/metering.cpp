#include "gateway/pipeline/metering.h"

#include <algorithm>

namespace delta::pipeline {

namespace {

constexpr qint64 bytesPerToken = 4;

/// Says whether the provider's figures can be true. Zero for what was sent or delivered is a mistake,
/// not a gift; and figures from the middle of a stream do not know its end.
bool isPossible(const Usage &usage, const providers::AnswerState &state, qint64 estimatedInput)
{
    const qint64 produced = state.producedTokens;
    return (usage.inputTokens > 0 || estimatedInput == 0)
        && (usage.outputTokens > 0 || produced == 0)
        && (usage.outputTokens >= produced || state.isComplete);
}

} // namespace

qint64 estimatedInputTokens(const openai::ModelRequest &request)
{
    return (request.inputTextBytes + bytesPerToken - 1) / bytesPerToken + request.inputTokenIds;
}

Metered meterCutOff(const openai::ModelRequest &request, qint64 passedTokens)
{
    Usage usage;
    usage.inputTokens = estimatedInputTokens(request);
    usage.outputTokens = passedTokens;
    return {usage, UsageSource::Estimated};
}

Metered meter(const openai::ModelRequest &request, const providers::AnswerState &state,
              Outcome outcome)
{
    const qint64 estimatedInput = estimatedInputTokens(request);
    const Usage reported = state.hasBadUsage ? Usage() : state.reported.value_or(Usage());
    if (reported != Usage() && isPossible(reported, state, estimatedInput)) {
        return {reported, UsageSource::Reported};
    }
    const bool wasDelivered = state.producedTokens > 0 || outcome == Outcome::Succeeded;
    if (!wasDelivered && outcome != Outcome::ClientClosed) {
        return {};
    }
    Usage usage;
    usage.inputTokens = reported.inputTokens > 0 ? reported.inputTokens : estimatedInput;
    usage.outputTokens = std::max(reported.outputTokens, state.producedTokens);
    return {usage, UsageSource::Estimated};
}

} // namespace delta::pipeline

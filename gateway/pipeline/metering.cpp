#include "gateway/pipeline/metering.h"

namespace delta::pipeline {

namespace {

constexpr qint64 bytesPerToken = 4;

/// Figures of zero for an answer that had content are a mistake of the provider, not a gift.
bool isPossible(const providers::AnswerState &state)
{
    if (!state.reported || state.hasBadUsage) {
        return false;
    }
    const Usage &usage = *state.reported;
    return usage.inputTokens > 0 || usage.outputTokens > 0 || state.producedTokens == 0;
}

} // namespace

qint64 estimatedInputTokens(const openai::ModelRequest &request)
{
    return (request.inputTextBytes + bytesPerToken - 1) / bytesPerToken;
}

Metered meter(const openai::ModelRequest &request, const providers::AnswerState &state,
              Outcome outcome)
{
    if (isPossible(state)) {
        return {*state.reported, UsageSource::Reported};
    }
    const bool wasDelivered = state.producedTokens > 0 || outcome == Outcome::Succeeded;
    if (!wasDelivered && outcome != Outcome::ClientClosed) {
        return {};
    }
    Usage usage;
    usage.inputTokens = estimatedInputTokens(request);
    usage.outputTokens = state.producedTokens;
    return {usage, UsageSource::Estimated};
}

} // namespace delta::pipeline

#pragma once

#include "gateway/openai/model_request.h"
#include "gateway/providers/answer_decoder.h"
#include "shared/models/spend_entry.h"

namespace delta::pipeline {

/// How much was used, and who says so.
struct Metered {
    Usage usage;
    UsageSource source = UsageSource::None;
};

/// Returns our estimate of a request's input tokens, before anybody has counted them: a quarter of
/// its text in bytes, rounded up, and one for each token that comes as a number. Right within a factor
/// of two for prose; media count as nothing.
[[nodiscard]] qint64 estimatedInputTokens(const openai::ModelRequest &request);

/// Says what a call is charged for whose stream the gateway cut off after so much output: what the client
/// has, by our own count. Whatever else the provider wrote meanwhile is not the client's to pay.
[[nodiscard]] Metered meterCutOff(const openai::ModelRequest &request, qint64 passedTokens);

/// Decides what a call is charged for. The provider's own figures are taken if they can be true;
/// if there are none, or zero for what was plainly there, or only those of a stream's beginning, our own
/// count fills in, and the call is flagged.
/// A call that failed before any answer came is charged nothing.
[[nodiscard]] Metered meter(const openai::ModelRequest &request,
                            const providers::AnswerState &state, Outcome outcome);

} // namespace delta::pipeline

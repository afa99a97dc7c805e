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

/// Decides what a call is charged for. The provider's own figures are taken if they can be true;
/// if there are none, or zero for what was plainly there, or only those of a stream's beginning, our own
/// count fills in, and the call is flagged.
/// A call that failed before any answer came is charged nothing.
[[nodiscard]] Metered meter(const openai::ModelRequest &request,
                            const providers::AnswerState &state, Outcome outcome);

} // namespace delta::pipeline

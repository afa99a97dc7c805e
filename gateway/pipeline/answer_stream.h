#pragma once

#include "gateway/pipeline/task.h"
#include "gateway/providers/answer_decoder.h"
#include "shared/core/result.h"

#include <memory>
#include <optional>

namespace delta::pipeline {

/// An answer as its reader sees it: events pulled one at a time, whoever makes them. Streamed or
/// not, from a provider or from within, there is no second path. Destroying it cancels what makes
/// it.
class AnswerStream
{
public:
    virtual ~AnswerStream() = default;
    /// Returns the next event, or nothing after the last one. After an error nothing more comes.
    [[nodiscard]] virtual Task<Result<std::optional<providers::ModelEvent>>> next() = 0;
    /// Returns what is known of the answer so far.
    [[nodiscard]] virtual const providers::AnswerState &state() const = 0;
};

using AnswerStreamPtr = std::unique_ptr<AnswerStream>;

} // namespace delta::pipeline

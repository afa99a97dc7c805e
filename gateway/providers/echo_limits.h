#pragma once

#include "gateway/openai/model_request.h"
#include "gateway/providers/prompt_text.h"
#include "shared/core/result.h"

namespace delta::providers {

/// Checks that an answer of the demo model stays small. It repeats what it is told as often as it is
/// told to, so a small request could otherwise ask for more than the machine has.
/// Errors: InvalidRequest naming the field that asks for too much.
[[nodiscard]] Result<void> checkEchoLimits(const openai::ModelRequest &request,
                                           const PromptText &prompt);

} // namespace delta::providers

#pragma once

#include "gateway/auth/principal.h"
#include "gateway/limits/rate_rule.h"
#include "gateway/openai/model_request.h"
#include "gateway/ports/http_reply.h"
#include "shared/core/api_error.h"

#include <QtTypes>

#include <span>
#include <vector>

namespace delta::pipeline {

/// Returns the rate limits that hold for the calls of a principal; none for the master.
[[nodiscard]] std::vector<limits::RateRule> rateRulesOf(const auth::Principal &principal);

/// Returns how many tokens a call counts before it is known what it uses: our estimate of its input, and
/// as much output as the client allows, as OpenAI counts.
[[nodiscard]] qint64 rateTokensOf(const openai::ModelRequest &request);

/// Returns the error for a call that a rule does not let through.
[[nodiscard]] ApiError rateError(const limits::RateRefusal &refusal);

/// Returns the header fields `x-ratelimit-…-requests` and `…-tokens` for the rules of each kind with the
/// least left, as OpenAI sends them; none of a kind without a rule.
/// Source: OpenAI, "Rate limits in headers", read 2026-11.
[[nodiscard]] ports::HeaderList rateFields(std::span<const limits::RateState> states);

} // namespace delta::pipeline

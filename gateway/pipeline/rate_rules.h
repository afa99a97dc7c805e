#pragma once

#include "gateway/auth/key_facts.h"
#include "gateway/limits/rate_rule.h"
#include "gateway/limits/rate_table.h"
#include "gateway/openai/model_request.h"
#include "gateway/ports/http_reply.h"
#include "shared/core/api_error.h"
#include "shared/models/deployment.h"
#include "shared/models/spend_entry.h"

#include <QtTypes>

#include <optional>
#include <span>
#include <vector>

namespace delta::pipeline {

/// Where the rate limits of a call come from.
struct RateSources {
    const auth::KeyFacts *key;              ///< The caller's; null for the master.
    const limits::RateTable &table;         ///< Of all scopes.
    std::optional<int> maxParallelRequests; ///< Of the whole gateway, by its configuration.
};

/// Returns the rate limits that hold for a call to a deployment: those that are part of the key, then the
/// others, the narrowest first.
[[nodiscard]] std::vector<limits::RateRule> rateRulesOf(const RateSources &sources,
                                                        const SpendEntry &call,
                                                        const Deployment &deployment);

/// Returns how many tokens a call counts before it is known what it uses: our estimate of its input, and
/// as much output as the client allows, as OpenAI counts.
[[nodiscard]] qint64 rateTokensOf(const openai::ModelRequest &request);

/// Returns the error for a call that a rule does not let through.
[[nodiscard]] ApiError rateError(const limits::RateRefusal &refusal);

/// Returns the error for a call whose limits nobody can count at the moment.
[[nodiscard]] ApiError rateOutage();

/// Returns the header fields `x-ratelimit-…-requests` and `…-tokens` for the rules of each kind with the
/// least left of all scopes, as OpenAI sends them; none of a kind without a rule.
/// Source: OpenAI, "Rate limits in headers", read 2026-11.
[[nodiscard]] ports::HeaderList rateFields(std::span<const limits::RateState> states);

} // namespace delta::pipeline

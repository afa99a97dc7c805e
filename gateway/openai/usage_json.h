#pragma once

#include "shared/models/usage.h"

#include <simdjson.h>

#include <optional>

namespace delta::openai {

/// Reads a `usage` object. Returns nothing if a count is negative, fractional or beyond 1e12, or if
/// the input is missing: such a figure must not be charged. Parts are cut to their totals, and what a
/// provider counts in `total_tokens` alone is output.
/// Source: OpenAI API reference, CompletionUsage and CreateEmbeddingResponse.usage, read 2026-11;
/// the names and habits of other compatible providers are accepted beside OpenAI's own.
[[nodiscard]] std::optional<Usage> readUsage(simdjson::ondemand::object object);

} // namespace delta::openai

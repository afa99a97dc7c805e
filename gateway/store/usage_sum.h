#pragma once

#include "shared/models/usage.h"

namespace delta::store {

/// Adds up what calls consumed. The counts are bounded when a call is posted, so that sums of them
/// stay far from the highest number.
inline void addUsage(Usage &sum, const Usage &usage)
{
    sum.inputTokens += usage.inputTokens;
    sum.outputTokens += usage.outputTokens;
    sum.cacheReadTokens += usage.cacheReadTokens;
    sum.cacheWriteTokens += usage.cacheWriteTokens;
    sum.reasoningTokens += usage.reasoningTokens;
    sum.audioInputTokens += usage.audioInputTokens;
    sum.audioOutputTokens += usage.audioOutputTokens;
    sum.images += usage.images;
}

} // namespace delta::store

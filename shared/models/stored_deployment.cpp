#include "shared/models/stored_deployment.h"

#include "shared/models/metadata.h"
#include "shared/models/tags.h"
#include "shared/models/text_rules.h"

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr qint64 largestWeight = 1'000'000;
constexpr qint64 longestTimeoutMs = 24LL * 3600 * 1000;
constexpr qint64 mostTokens = 1'000'000'000;

/// LiteLLM's names of what models do.
const QStringList modes{u"chat"_s,
                        u"completion"_s,
                        u"embedding"_s,
                        u"responses"_s,
                        u"image_generation"_s,
                        u"audio_speech"_s,
                        u"audio_transcription"_s,
                        u"rerank"_s,
                        u"moderation"_s};

} // namespace

Result<void> StoredDeployment::validate() const
{
    TRY_VOID(checkId(id, u"deployment_id"_s));
    TRY_VOID(checkRequired(modelName, u"model_name"_s));
    TRY_VOID(checkText(provider, u"provider"_s));
    TRY_VOID(checkRequired(upstreamModel, u"model"_s));
    TRY_VOID(checkText(apiBase, u"api_base"_s, 2048));
    TRY_VOID(checkText(credentialId, u"credential_id"_s));
    TRY_VOID(checkRange(weight, 0, largestWeight, u"weight"_s));
    TRY_VOID(checkRange(priority, -largestWeight, largestWeight, u"priority"_s));
    TRY_VOID(tagList(tags, u"tags"_s));
    TRY_VOID(checkRange(timeoutMs, 1, longestTimeoutMs, u"timeout_ms"_s));
    TRY_VOID(checkRange(streamTimeoutMs, 1, longestTimeoutMs, u"stream_timeout_ms"_s));
    TRY_VOID(checkRange(maxOutputTokens, 1, mostTokens, u"max_output_tokens"_s));
    if (!mode.isEmpty() && !modes.contains(mode)) {
        return failure(ApiError::invalidRequest(
            u"'mode' must be one of: %1."_s.arg(modes.join(u", "_s)), u"mode"_s));
    }
    TRY_VOID(checkText(baseModel, u"base_model"_s));
    TRY_VOID(checkText(organization, u"organization"_s));
    TRY_VOID(checkProse(description, u"description"_s));
    TRY_VOID(checkMetadata(prices, u"prices"_s));
    TRY_VOID(checkMetadata(extraHeaders, u"extra_headers"_s));
    return checkMetadata(metadata, u"metadata"_s);
}

} // namespace delta

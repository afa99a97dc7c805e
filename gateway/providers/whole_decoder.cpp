#include "gateway/providers/whole_decoder.h"

#include "gateway/openai/answer.h"
#include "gateway/openai/provider_error.h"
#include "shared/billing/token_estimate.h"

#include <utility>

namespace delta::providers {

using namespace Qt::StringLiterals;

namespace {

/// The status that stands for an error which a provider put into a 200.
constexpr int errorInsideSuccess = 502;

} // namespace

WholeDecoder::WholeDecoder(const openai::ModelRequest &request, qsizetype maxBytes)
    : m_isStream(request.isStream)
    , m_maxBytes(maxBytes)
{
}

Result<void> WholeDecoder::feed(QByteArrayView piece, ModelEvents &)
{
    if (m_body.size() + piece.size() > m_maxBytes) {
        return failure(
            ApiError::upstream(ErrorKind::UpstreamInvalid,
                               u"The provider's answer exceeds %1 bytes."_s.arg(m_maxBytes)));
    }
    m_body.append(piece);
    return {};
}

Result<void> WholeDecoder::finish(ModelEvents &events)
{
    TokenCounter counter;
    TRY(const openai::AnswerFacts facts,
        openai::readAnswer(m_body, [&counter](QByteArrayView text) { counter.feed(text); }));
    if (facts.hasError) {
        return failure(openai::providerError(errorInsideSuccess, m_body));
    }
    if (m_isStream) {
        return failure(
            ApiError::upstream(ErrorKind::UpstreamInvalid,
                               u"The provider answered a streaming call without streaming."_s));
    }
    m_state.reported = facts.usage;
    m_state.hasBadUsage = facts.hasBadUsage;
    m_state.producedTokens = counter.tokens();
    m_state.isComplete = true;
    events.push_back({std::exchange(m_body, {})});
    return {};
}

} // namespace delta::providers

#include "gateway/providers/whole_decoder.h"

#include "gateway/openai/answer.h"
#include "gateway/openai/provider_error.h"
#include "gateway/ports/http_request.h"
#include "shared/billing/token_estimate.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace delta::providers {

using namespace Qt::StringLiterals;

namespace {

/// The status that stands for an error which a provider put into a 200.
constexpr int errorInsideSuccess = 502;
/// How much memory a mere claim of a length is good for.
constexpr qsizetype mostTrusted = 256 * 1024;

/// Says whether the provider's own figures may be taken, so that nobody has to count.
bool isMetered(const openai::AnswerFacts &facts)
{
    return facts.usage && (facts.usage->outputTokens > 0 || !facts.hasChoices);
}

/// Counts the text of an answer, which takes longer than all else that is done with it.
qint64 countedTokens(QByteArrayView body)
{
    TokenCounter counter;
    std::ignore = openai::readAnswer(body, [&counter](QByteArrayView text) { counter.feed(text); });
    return counter.tokens();
}

} // namespace

WholeDecoder::WholeDecoder(const openai::ModelRequest &request, qsizetype maxBytes,
                           qsizetype expectedBytes)
    : m_isStream(request.isStream)
    , m_maxBytes(maxBytes)
{
    m_body.reserve(std::clamp<qsizetype>(expectedBytes, 0, mostTrusted) + ports::bodyPadding);
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
    TRY(const openai::AnswerFacts facts, openai::readAnswer(m_body, {}, m_body.capacity()));
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
    m_state.hasOwnTier = facts.hasOwnTier;
    m_state.producedTokens = isMetered(facts) ? 0 : countedTokens(m_body);
    m_state.isComplete = true;
    events.push_back({std::exchange(m_body, {}), m_state.producedTokens});
    return {};
}

} // namespace delta::providers

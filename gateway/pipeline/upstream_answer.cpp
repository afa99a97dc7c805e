#include "gateway/pipeline/upstream_answer.h"

#include "gateway/openai/provider_error.h"

#include <algorithm>
#include <utility>

namespace delta::pipeline {

using namespace Qt::StringLiterals;

namespace {

ApiError transportError(const ports::UpstreamError &error)
{
    using enum ports::UpstreamFault;
    switch (error.fault) {
    case Resolve:
    case Connect:
        return ApiError::upstream(ErrorKind::UpstreamUnreachable,
                                  u"The provider cannot be reached."_s, error.detail);
    case Tls:
        return ApiError::upstream(ErrorKind::UpstreamUnreachable,
                                  u"No trustworthy TLS connection to the provider."_s,
                                  error.detail);
    case ConnectTimeout:
        return ApiError::upstream(ErrorKind::UpstreamTimeout,
                                  u"Connecting to the provider took too long."_s, error.detail);
    case FirstByteTimeout:
    case IdleTimeout:
    case TotalTimeout:
        return ApiError::upstream(ErrorKind::UpstreamTimeout,
                                  u"The provider took too long to answer."_s, error.detail);
    case Protocol:
        return ApiError::upstream(ErrorKind::UpstreamInvalid,
                                  u"The provider's answer is not valid HTTP."_s, error.detail);
    case Closed:
        return ApiError::upstream(
            ErrorKind::UpstreamTruncated,
            u"The provider closed the connection before its answer was complete."_s, error.detail);
    case PoolFull:
        return ApiError::overloaded(u"All connections to the provider are busy."_s,
                                    std::chrono::seconds(1));
    }
    Q_UNREACHABLE_RETURN(ApiError::internal(u"unknown upstream fault"_s));
}

} // namespace

UpstreamAnswer::UpstreamAnswer(const Question &question)
    : m_question(question)
    , m_endTimer(question.loop.timers(), [this] { close(); })
    , m_pace(question.loop.timers(), [this] {
        onError({ports::UpstreamFault::IdleTimeout, u"no event became whole in time"_s});
    })
{
}

Task<Result<void>> UpstreamAnswer::open(ports::UpstreamClient &client)
{
    m_cancelled = m_question.cancel.onCancel([this] { stop(ApiError::clientClosed()); });
    if (!m_failure) {
        ports::UpstreamRequest asked = m_question.dialect.write(m_question.endpoint,
                                                                m_question.request);
        m_timeouts = asked.timeouts;
        m_exchange = client.send(std::move(asked), *this);
    }
    CO_TRY_VOID(co_await waitForEvent());
    if (m_events.empty() && m_failure) {
        co_return failure(*m_failure);
    }
    co_return Result<void>();
}

Task<Result<void>> UpstreamAnswer::waitForEvent()
{
    while (m_events.empty() && !m_failure && !m_isEnded) {
        if (std::exchange(m_isPaused, false) && m_exchange) {
            m_exchange->resume();
            m_pace.resume();
        }
        co_await m_wakeup.wait();
    }
    co_return Result<void>();
}

Task<Result<std::optional<providers::ModelEvent>>> UpstreamAnswer::next()
{
    CO_TRY_VOID(co_await waitForEvent());
    if (!m_events.empty()) {
        providers::ModelEvent event = std::move(m_events.front());
        m_events.pop_front();
        co_return event;
    }
    if (m_failure) {
        co_return failure(*m_failure);
    }
    co_return std::nullopt;
}

const providers::AnswerState &UpstreamAnswer::state() const
{
    static const providers::AnswerState nothing;
    return m_decoder ? m_decoder->state() : nothing;
}

void UpstreamAnswer::onHead(const ports::UpstreamHead &head)
{
    // An answer in one piece has all the time that the whole exchange has.
    if (m_question.request.isStream) {
        m_pace.start(m_timeouts.idle);
    }
    if (head.status < 200 || head.status >= 300) {
        m_errorHead = head;
        return;
    }
    auto decoder = m_question.dialect.decoder(head, m_question.request,
                                              m_question.maxResponseBytes);
    if (!decoder) {
        stop(std::move(decoder).error());
        return;
    }
    m_decoder = *std::move(decoder);
}

void UpstreamAnswer::onBody(QByteArrayView piece)
{
    if (!m_decoder) {
        m_pace.take(piece.size(), 0);
        m_errorBody += piece.first(std::min(piece.size(), maxErrorBytes - m_errorBody.size()));
        if (m_errorBody.size() == maxErrorBytes) {
            onEnd(); // The rest of so long an error adds nothing, and need not have an end.
        }
        return;
    }
    if (auto fed = m_decoder->feed(piece, m_events); !fed) {
        stop(std::move(fed).error());
        return;
    }
    m_pace.take(piece.size(), m_decoder->state().wholeParts);
    if (m_decoder->state().isComplete && !m_endTimer.isActive()) {
        m_endTimer.start(patience);
    }
    if (!m_isPaused && queuedBytes() > readAhead) {
        m_isPaused = true;
        m_exchange->pause();
        m_pace.pause();
    }
    if (!m_events.empty()) {
        m_wakeup.notify();
    }
}

void UpstreamAnswer::onEnd()
{
    if (!m_decoder) {
        stop(m_question.dialect.readError(m_errorHead, m_errorBody));
        return;
    }
    if (auto finished = m_decoder->finish(m_events); !finished) {
        stop(std::move(finished).error());
        return;
    }
    close();
}

void UpstreamAnswer::onError(const ports::UpstreamError &error)
{
    // What happens after the last event does not spoil the answer.
    const bool isWhole = m_decoder && m_decoder->state().isComplete;
    if (isWhole
        || (error.fault == ports::UpstreamFault::Closed && m_decoder
            && m_decoder->finish(m_events))) {
        close();
        return;
    }
    stop(m_errorHead.status != 0 ? m_question.dialect.readError(m_errorHead, m_errorBody)
                                 : transportError(error));
}

void UpstreamAnswer::stop(ApiError error)
{
    if (!m_failure && !m_isEnded) {
        const ports::Endpoint &endpoint = m_question.endpoint;
        openai::hideTexts(error, {endpoint.apiKey.reveal(), endpoint.origin.host});
        m_failure = std::move(error);
    }
    leaveExchange();
}

void UpstreamAnswer::close()
{
    m_isEnded = true;
    leaveExchange();
}

void UpstreamAnswer::leaveExchange()
{
    m_endTimer.stop();
    m_pace.stop();
    if (const auto exchange = std::exchange(m_exchange, nullptr)) {
        m_wasAsked = exchange->hasBegunToSend();
    }
    m_wakeup.notify();
}

qsizetype UpstreamAnswer::queuedBytes() const
{
    qsizetype bytes = 0;
    for (const providers::ModelEvent &event : m_events) {
        bytes += event.bytes.size();
    }
    return bytes;
}

} // namespace delta::pipeline

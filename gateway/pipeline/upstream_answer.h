#pragma once

#include "gateway/net/event_loop.h"
#include "gateway/pipeline/answer_stream.h"
#include "gateway/pipeline/event_pace.h"
#include "gateway/pipeline/wakeup.h"
#include "gateway/ports/upstream_client.h"
#include "gateway/providers/dialect.h"
#include "shared/core/cancel_token.h"

#include <chrono>
#include <memory>
#include <optional>

namespace delta::pipeline {

/// An answer that comes from a provider. Reads ahead of its reader by at most 64 KiB of events,
/// then holds the provider back. Confined to the loop thread of its call.
class UpstreamAnswer final : public AnswerStream, private ports::UpstreamSink
{
public:
    /// What an answer needs to be asked for. All of it outlives the answer.
    struct Question {
        const providers::Dialect &dialect;
        const openai::ModelRequest &request;
        const ports::Endpoint &endpoint;
        net::EventLoop &loop;
        qsizetype maxResponseBytes = 0;
        CancelToken cancel;
    };

    explicit UpstreamAnswer(const Question &question);

    /// Sends the request and waits for the first event: until here a failure is still a clean HTTP
    /// error.
    [[nodiscard]] Task<Result<void>> open(ports::UpstreamClient &client);

    [[nodiscard]] Task<Result<std::optional<providers::ModelEvent>>> next() override;
    [[nodiscard]] const providers::AnswerState &state() const override;
    /// Says whether the provider may have heard of the question.
    [[nodiscard]] bool wasAsked() const
    {
        return m_wasAsked;
    }

private:
    static constexpr qsizetype readAhead = 64 * 1024;
    static constexpr qsizetype maxErrorBytes = 64 * 1024;
    /// How long an answer that is whole may take to end as HTTP, so that its connection can be kept.
    static constexpr std::chrono::milliseconds patience{1000};

    void onHead(const ports::UpstreamHead &head) override;
    void onBody(QByteArrayView piece) override;
    void onEnd() override;
    void onError(const ports::UpstreamError &error) override;

    [[nodiscard]] Task<Result<void>> waitForEvent();
    void stop(ApiError error);
    void close();
    void leaveExchange();
    [[nodiscard]] qsizetype queuedBytes() const;

    Question m_question;
    std::unique_ptr<providers::AnswerDecoder> m_decoder; ///< Null for an answer that is an error.
    ports::UpstreamHead m_errorHead;
    QByteArray m_errorBody;
    providers::ModelEvents m_events;
    std::optional<ApiError> m_failure; ///< What the reader is told once the events are read.
    bool m_wasAsked = false;
    bool m_isEnded = false;
    bool m_isPaused = false;
    Wakeup m_wakeup;
    net::Timer m_endTimer;
    ports::UpstreamTimeouts m_timeouts; ///< Of the request that was sent.
    EventPace m_pace;
    CancelRegistration m_cancelled;
    /// Last, so that it stops before what it feeds.
    std::unique_ptr<ports::UpstreamExchange> m_exchange;
};

} // namespace delta::pipeline

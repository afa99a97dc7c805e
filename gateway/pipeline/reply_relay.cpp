#include "gateway/pipeline/reply_relay.h"

#include "gateway/openai/error_body.h"

#include <utility>

namespace delta::pipeline {

using namespace Qt::StringLiterals;

ReplyRelay::ReplyRelay(std::unique_ptr<ports::HttpReply> reply, CancelSource &cancel,
                       const Clock &clock)
    : m_reply(std::move(reply))
    , m_cancel(cancel)
    , m_clock(clock)
{
    m_reply->setListener(this);
}

ReplyRelay::~ReplyRelay()
{
    if (m_reply) {
        m_reply->setListener(nullptr);
    }
}

Task<Result<void>> ReplyRelay::relay(AnswerStream &answer, ReplyForm form, const Decision &decide)
{
    while (true) {
        CO_TRY(const std::optional<providers::ModelEvent> event, co_await answer.next());
        if (!event) {
            co_return Result<void>();
        }
        std::optional<Result<void>> decided = decide.now(*event);
        if (!decided) {
            decided = co_await decide.later(*event);
        }
        CO_TRY_VOID(*std::move(decided));
        write(*event, form);
        while (m_reply->isClientPresent() && !m_reply->isWritable()) {
            co_await m_wakeup.wait();
        }
        if (!m_reply->isClientPresent()) {
            co_return failure(ApiError::clientClosed());
        }
    }
}

void ReplyRelay::write(const providers::ModelEvent &event, ReplyForm form)
{
    if (!m_firstByteAt) {
        m_firstByteAt = m_clock.steady();
    }
    if (form == ReplyForm::Whole) {
        m_body = m_body.isEmpty() ? event.bytes : m_body + event.bytes;
        return;
    }
    if (!std::exchange(m_isBegun, true)) {
        setField("content-type"_ba, "text/event-stream; charset=utf-8"_ba);
        setField("cache-control"_ba, "no-cache"_ba);
        setField("x-accel-buffering"_ba, "no"_ba);
        m_reply->begin(200, m_fields);
    }
    writeEvents(event.bytes);
}

void ReplyRelay::writeEvents(const QByteArray &events)
{
    if (m_draft) {
        m_draft->addEvents(events);
    }
    m_reply->write(events);
}

void ReplyRelay::addEvents(const QByteArray &events)
{
    if (m_isBegun && m_reply->isClientPresent()) {
        writeEvents(events);
    }
}

void ReplyRelay::setField(QByteArray name, QByteArray value)
{
    m_fields.emplace_back(std::move(name), std::move(value));
}

void ReplyRelay::finish(const Result<void> &outcome)
{
    m_reply->setListener(nullptr);
    if (!m_reply->isClientPresent()) {
        m_reply->abort();
    } else if (!outcome) {
        sendError(outcome.error());
    } else if (m_isBegun) {
        m_reply->end();
    } else {
        setField("content-type"_ba, "application/json"_ba);
        m_reply->send(200, m_fields, m_body);
    }
    m_reply.reset();
}

void ReplyRelay::sendError(const ApiError &error)
{
    const QByteArray body = openai::errorBody(error);
    if (!m_isBegun) {
        setField("content-type"_ba, "application/json"_ba);
        if (const QByteArray wait = openai::retryAfterValue(error); !wait.isEmpty()) {
            setField("retry-after"_ba, wait);
        }
        const bool isOurLimit = error.kind == ErrorKind::BudgetExceeded
            || error.kind == ErrorKind::RateLimited;
        if (isOurLimit
            && error.retryAfter.value_or(std::chrono::hours(1)) > std::chrono::minutes(1)) {
            // The official clients would try a 429 again within seconds.
            setField("x-should-retry"_ba, "false"_ba);
        }
        m_reply->send(error.status(), m_fields, body);
        return;
    }
    // The status line is long gone: the stream itself says that it failed, and does not end in
    // silence.
    m_reply->write(QByteArray("event: error\ndata: " + body + "\n\n"));
    m_reply->end();
}

void ReplyRelay::onWritable()
{
    m_wakeup.notify();
}

void ReplyRelay::onClientGone()
{
    // Either call ends the whole call and this object with it, so there is no second line.
    if (m_wakeup.hasWaiter()) {
        m_wakeup.notify();
    } else {
        m_cancel.cancel();
    }
}

} // namespace delta::pipeline

#pragma once

#include "gateway/content/content_draft.h"
#include "gateway/pipeline/answer_stream.h"
#include "gateway/pipeline/wakeup.h"
#include "gateway/ports/http_reply.h"
#include "shared/core/cancel_token.h"
#include "shared/core/clock.h"

#include <QByteArray>

#include <functional>
#include <memory>
#include <optional>

namespace delta::pipeline {

/// How the answer goes to the client.
enum class ReplyForm {
    Whole,  ///< One JSON body.
    Stream, ///< Server-sent events.
};

/// The client's end of a call: writes the answer as fast as the client reads it, and cancels the
/// call when the client leaves. Answers exactly once. Confined to the loop thread of its call.
class ReplyRelay final : private ports::HttpReplyListener
{
public:
    ReplyRelay(std::unique_ptr<ports::HttpReply> reply, CancelSource &cancel, const Clock &clock);
    ~ReplyRelay() override;
    ReplyRelay(const ReplyRelay &) = delete;
    ReplyRelay &operator=(const ReplyRelay &) = delete;

    /// Decides over each event before it is passed on; after an error no more are.
    struct Decision {
        /// Decides at once; nothing: it takes time.
        std::function<std::optional<Result<void>>(const providers::ModelEvent &)> now;
        std::function<Task<Result<void>>(const providers::ModelEvent &)> later;
    };

    /// Has what the client is sent of a stream gathered; before relay(). The draft must outlive the relay.
    void gatherIn(content::ContentDraft &draft)
    {
        m_draft = &draft;
    }

    /// Passes the answer on until its end.
    /// Errors: what the answer ended with, that of a decision, or ClientClosed. The reply is not finished
    /// yet.
    [[nodiscard]] Task<Result<void>> relay(AnswerStream &answer, ReplyForm form,
                                           const Decision &decide);

    /// Adds events of our own to a stream that has begun; to no other reply.
    void addEvents(const QByteArray &events);

    /// Sets a header field of the reply, whether it succeeds or not.
    void setField(QByteArray name, QByteArray value);

    /// Finishes the reply: the end of the answer, or an error in the form that still fits. Called
    /// once.
    void finish(const Result<void> &outcome);

    /// Returns an answer that is not streamed, before finish(); empty if there is none.
    [[nodiscard]] const QByteArray &wholeAnswer() const
    {
        return m_body;
    }
    /// Returns when the first byte of an answer was written; nothing if none was.
    [[nodiscard]] std::optional<SteadyTime> firstByteAt() const
    {
        return m_firstByteAt;
    }

private:
    void onWritable() override;
    void onClientGone() override;
    void write(const providers::ModelEvent &event, ReplyForm form);
    void writeEvents(const QByteArray &events);
    void sendError(const ApiError &error);

    std::unique_ptr<ports::HttpReply> m_reply;
    CancelSource &m_cancel;
    const Clock &m_clock;
    ports::HeaderList m_fields;
    QByteArray m_body; ///< Of a whole answer.
    std::optional<SteadyTime> m_firstByteAt;
    bool m_isBegun = false;
    content::ContentDraft *m_draft = nullptr; ///< Null: nobody wants it.
    Wakeup m_wakeup;
};

} // namespace delta::pipeline

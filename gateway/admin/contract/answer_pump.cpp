#include "gateway/admin/contract/answer_pump.h"

#include "gateway/admin/contract/answer_stream.h"

#include <QLoggingCategory>

#include <utility>

namespace delta::admin {

namespace {

Q_LOGGING_CATEGORY(lcAdmin, "delta.admin")

/// Keeps itself alive while there is something to send: by the work that makes the next piece, or by the client who is
/// waited for.
class Pump final : public ports::HttpReplyListener, public std::enable_shared_from_this<Pump>
{
public:
    Pump(ports::Background &background, std::unique_ptr<ports::HttpReply> reply,
         std::shared_ptr<AnswerStream> stream)
        : m_background(background)
        , m_reply(std::move(reply))
        , m_stream(std::move(stream))
    {
    }

    void begin(const Answer &answer)
    {
        m_reply->begin(answer.status, answer.headers);
        m_reply->setListener(this);
        fetch();
    }

    // ports::HttpReplyListener
    void onWritable() override
    {
        if (const auto self = std::exchange(m_waiting, nullptr)) {
            fetch();
        }
    }
    void onClientGone() override
    {
        if (const auto self = std::exchange(m_waiting, nullptr)) {
            end();
        }
    }

private:
    void fetch()
    {
        auto piece = std::make_shared<Result<QByteArray>>();
        m_background.run([stream = m_stream, piece] { *piece = stream->next(); },
                         [self = shared_from_this(), piece] { self->take(*piece); });
    }
    void take(const Result<QByteArray> &piece)
    {
        if (!piece) {
            qCWarning(lcAdmin, "a download is cut short: %ls",
                      qUtf16Printable(piece.error().message));
            m_reply->setListener(nullptr);
            m_reply->abort();
            return;
        }
        if (piece->isEmpty() || !m_reply->isClientPresent()) {
            end();
            return;
        }
        m_reply->write(*piece);
        if (m_reply->isWritable()) {
            fetch();
        } else {
            m_waiting = shared_from_this();
        }
    }
    void end()
    {
        m_reply->setListener(nullptr);
        m_reply->end();
    }

    ports::Background &m_background;
    const std::unique_ptr<ports::HttpReply> m_reply;
    const std::shared_ptr<AnswerStream> m_stream;
    std::shared_ptr<Pump> m_waiting; ///< This, while the client has enough to read.
};

} // namespace

void pumpAnswer(ports::Background &background, std::unique_ptr<ports::HttpReply> reply,
                const Answer &answer)
{
    std::make_shared<Pump>(background, std::move(reply), answer.stream)->begin(answer);
}

} // namespace delta::admin

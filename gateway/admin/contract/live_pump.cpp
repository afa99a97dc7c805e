#include "gateway/admin/contract/live_pump.h"

#include "gateway/admin/contract/live_source.h"

#include <chrono>
#include <utility>

namespace delta::admin {

namespace {

constexpr std::chrono::seconds pause{1};
/// Proxies give up a connection after a minute or half of one.
constexpr int looksUntilSignOfLife = 15;

/// Keeps itself alive: by the work that looks, or by itself until the timer fires.
class LivePump final : public ports::HttpReplyListener,
                       public std::enable_shared_from_this<LivePump>
{
public:
    LivePump(LiveGround ground, std::unique_ptr<ports::HttpReply> reply,
             std::shared_ptr<LiveSource> source)
        : m_ground(std::move(ground))
        , m_reply(std::move(reply))
        , m_source(std::move(source))
        , m_timer(m_ground.timers, [this] { onTime(); })
    {
    }

    void begin(const Answer &answer)
    {
        m_reply->begin(answer.status, answer.headers);
        m_reply->setListener(this);
        look();
    }

    // ports::HttpReplyListener
    void onWritable() override
    {
    }
    void onClientGone() override
    {
        m_timer.stop();
        if (const auto self = std::exchange(m_waiting, nullptr)) {
            end();
        }
    }

private:
    void look()
    {
        auto piece = std::make_shared<Result<QByteArray>>();
        m_ground.background.run(
            [self = shared_from_this(), piece] {
                *piece = self->m_ground.caller().and_then(
                    [&self](const Caller &caller) { return self->m_source->look(caller); });
            },
            [self = shared_from_this(), piece] { self->take(*piece); });
    }
    void take(const Result<QByteArray> &piece)
    {
        // Who has not read for so long that there is no room is not listening.
        if (!piece || !m_reply->isClientPresent() || !m_reply->isWritable()
            || m_ground.isEnding()) {
            end();
            return;
        }
        m_silence = piece->isEmpty() ? m_silence + 1 : 0;
        if (!piece->isEmpty()) {
            m_reply->write(*piece);
        } else if (m_silence == looksUntilSignOfLife) {
            m_reply->write(": still here\n\n");
            m_silence = 0;
        }
        m_waiting = shared_from_this();
        m_timer.start(pause);
    }
    void onTime()
    {
        if (const auto self = std::exchange(m_waiting, nullptr)) {
            if (m_ground.isEnding()) {
                end();
            } else {
                look();
            }
        }
    }
    void end()
    {
        m_reply->setListener(nullptr);
        m_reply->end();
    }

    const LiveGround m_ground;
    const std::unique_ptr<ports::HttpReply> m_reply;
    const std::shared_ptr<LiveSource> m_source;
    net::Timer m_timer;
    int m_silence = 0;                   ///< Looks in a row in which nothing had happened.
    std::shared_ptr<LivePump> m_waiting; ///< This, while the timer runs.
};

} // namespace

void pumpLive(LiveGround ground, std::unique_ptr<ports::HttpReply> reply, const Answer &answer)
{
    std::make_shared<LivePump>(std::move(ground), std::move(reply), answer.live)->begin(answer);
}

} // namespace delta::admin

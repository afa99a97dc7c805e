#pragma once

#include "gateway/net/exact_timer.h"
#include "gateway/net/redis_breaker.h"
#include "gateway/net/redis_connection.h"
#include "gateway/net/timer_wheel.h"
#include "gateway/ports/shared_store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

namespace delta::net {

/// A Redis or Valkey server as the shared store of one loop thread. It keeps one connection and makes a new
/// one whenever that fails. Nobody is let wait for longer than `callTimeout`, and nobody at all once the
/// server has failed several times in a row: see RedisBreaker. Then it is asked every now and then whether
/// it takes a small value in time.
///
/// One server, or one address behind which a fail-over puts another; not Redis Cluster. Confined to the
/// loop's thread.
class RedisClient final : public ports::SharedStore, private RedisListener
{
public:
    static constexpr std::chrono::milliseconds callTimeout{5};
    static constexpr std::chrono::milliseconds probeInterval{250};
    /// A server that has said nothing for so long is connected to anew.
    static constexpr std::chrono::milliseconds silenceTimeout{1000};
    static constexpr std::chrono::milliseconds firstBackOff{50};
    static constexpr std::chrono::milliseconds longestBackOff{2000};

    struct Parts {
        RedisConnection::Parts connection;
        const Clock &clock;
        Random &random;
        ports::SharedStoreStatus &status; ///< Counts this connection.
    };

    /// Begins to connect.
    RedisClient(const Parts &parts, RedisSettings settings);
    ~RedisClient() override;
    RedisClient(const RedisClient &) = delete;
    RedisClient &operator=(const RedisClient &) = delete;

    void prepare(const ports::SharedScript &script) override;
    [[nodiscard]] bool ask(ports::SharedCall call,
                           std::shared_ptr<ports::SharedSink> sink) override;
    void tell(ports::SharedCall call) override;
    /// Sends what there is to send and ends the connection for good; who waits is answered.
    void stop();

private:
    /// A command without a reply.
    struct Pending {
        enum class Kind {
            Load, ///< A script, to be known by its name.
            Probe,
            ByName, ///< A script by its name, which the server may not know.
            Whole,  ///< A script with its text.
        };
        Kind kind = Kind::Probe;
        ports::SharedCall call;
        std::shared_ptr<ports::SharedSink> sink; ///< Null: nobody waits.
        SteadyTime sentAt{};
        bool isLate = false;

        [[nodiscard]] bool isAwaited() const
        {
            return sink != nullptr || kind == Kind::Probe;
        }
    };

    void onReady() override;
    void onReply(const RedisReply &reply) override;
    void onLost(const QString &reason) override;

    void connect();
    void probe();
    void send(Pending pending);
    void onProbeAnswered(const Pending &probe, const RedisReply &reply);
    void onAnswered(const Pending &pending, const RedisReply &reply);
    void onDeadline();
    void onSilence();
    void onDoubt();
    void look();
    void disconnect(const QString &reason);
    void setUp();
    void setDown(const QString &reason);

    Parts m_parts;
    const RedisSettings m_settings;
    RedisBreaker m_breaker;
    std::unique_ptr<RedisConnection> m_connection;
    std::vector<ports::SharedScript> m_scripts; ///< That the server must know.
    bool m_isReady = false;                     ///< The connection is.
    bool m_isUp = false;                        ///< As the status counts it.
    bool m_isStopped = false;
    int m_lateProbes = 0;          ///< In a row.
    std::deque<Pending> m_pending; ///< In the order of their replies.
    std::chrono::milliseconds m_backOff = firstBackOff;
    ExactTimer m_deadline; ///< Of the first that waits.
    Timer m_silence;       ///< Until the server must have said something.
    Timer m_doubt;         ///< Until a few failures are too many.
    Timer m_next;          ///< Until the next connection or probe.
};

} // namespace delta::net

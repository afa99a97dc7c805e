#pragma once

#include "gateway/net/epoll_dispatcher.h"
#include "gateway/net/redis_client.h"
#include "gateway/net/thread_resolver.h"
#include "tests/support/turn_loop.h"

#include <memory>
#include <optional>

namespace delta::test {

/// A client of Redis on the loop of the calling thread.
class RedisClientRig
{
public:
    explicit RedisClientRig(const net::RedisSettings &settings,
                            const net::TlsContext *tls = nullptr)
        : client(
              {{net::EpollDispatcher::ofThisThread().loop(), resolver, tls}, clock, random, status},
              settings)
    {
    }

    /// Turns the loop until the server answers in time.
    [[nodiscard]] bool comesUp()
    {
        return turnLoopUntil([this] { return status.answering == 1; });
    }
    [[nodiscard]] bool goesDown()
    {
        return turnLoopUntil([this] { return status.answering == 0; });
    }

    SystemClock clock;
    SystemRandom random;
    net::ThreadResolver resolver{clock};
    ports::SharedStoreStatus status;
    net::RedisClient client;
};

/// Keeps what a call is told.
class AnswerRecord final : public ports::SharedSink
{
public:
    void onLate() override
    {
        ++late;
    }
    void onAnswer(const ports::SharedAnswer &told) override
    {
        ++answers;
        answer = told;
    }

    int late = 0;
    int answers = 0;
    std::optional<ports::SharedAnswer> answer;
};

} // namespace delta::test

#pragma once

#include "gateway/limits/shared_rates.h"
#include "tests/support/redis_client_rig.h"
#include "tests/support/redis_server.h"

#include <QByteArrayList>

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <vector>

namespace delta::test {

/// One gateway's share of the limits in Redis, on the loop of the calling thread.
class SharedRatesRig
{
public:
    explicit SharedRatesRig(const net::RedisSettings &settings)
        : redis(settings)
        , rates({redis.client, redis.status, redis.random, ports::DegradedMode::FailOpen})
    {
    }
    ~SharedRatesRig()
    {
        redis.client.stop(); // Answers go to those who are still here.
    }
    SharedRatesRig(const SharedRatesRig &) = delete;
    SharedRatesRig &operator=(const SharedRatesRig &) = delete;

    [[nodiscard]] bool comesUp()
    {
        return redis.comesUp();
    }
    /// Asks, and waits until it is decided.
    [[nodiscard]] limits::SharedRateHold admit(std::span<const limits::RateRule> rules,
                                               qint64 tokens)
    {
        limits::SharedRateHold hold = rates.admit(rules, tokens, [] { });
        if (!turnLoopUntil([&hold] { return hold.verdict() != nullptr; })) {
            qFatal("nothing was decided");
        }
        return hold;
    }
    /// As admit(), but a machine that has no time for us does not count: a call that was late is given up
    /// and asked for again.
    [[nodiscard]] limits::SharedRateHold admitInTime(std::span<const limits::RateRule> rules,
                                                     qint64 tokens)
    {
        while (true) {
            limits::SharedRateHold hold = admit(rules, tokens);
            if (hold.verdict()->kind != limits::SharedVerdict::Kind::Unavailable) {
                return hold;
            }
            hold = {};
            catchUp();
        }
    }
    /// Waits until all that was asked so far is answered, and what was given up is given back.
    void catchUp()
    {
        const auto last = std::make_shared<AnswerRecord>();
        while (!redis.client.ask({ports::SharedScript("return {}"), {}, {}}, last)) {
            if (!comesUp()) {
                qFatal("the server does not answer");
            }
        }
        if (!turnLoopUntil([&last] { return last->answers > 0; })) {
            qFatal("the server does not answer");
        }
    }

    RedisClientRig redis;
    limits::SharedRates rates;
};

/// Limits of an hour, or of calls at once.
inline limits::RateRule requests(qint64 limit, const QByteArray &counter = "key k1")
{
    return {counter, limits::RateUnit::Requests, std::chrono::hours(1), limit};
}

inline limits::RateRule tokens(qint64 limit, const QByteArray &counter = "key k1")
{
    return {counter, limits::RateUnit::Tokens, std::chrono::hours(1), limit};
}

inline limits::RateRule parallel(qint64 limit, const QByteArray &counter = "key k1")
{
    return {counter, limits::RateUnit::Parallel, std::chrono::milliseconds(0), limit};
}

/// Returns what is used of one rule, besides a call that asks.
inline qint64 usedOf(SharedRatesRig &rig, const limits::RateRule &rule)
{
    limits::RateRule open = rule;
    open.limit = 1'000'000;
    const limits::SharedRateHold hold = rig.admitInTime(std::array{open}, 0);
    return hold.verdict()->states[0].used - (rule.unit == limits::RateUnit::Tokens ? 0 : 1);
}

/// Returns the keys of our counters, each with its type.
inline QByteArrayList keysIn(RedisServer &server)
{
    QByteArrayList keys;
    for (const QByteArray &key : server.run({"KEYS", "*rate*"}).split(' ')) {
        if (!key.isEmpty()) {
            keys += key;
        }
    }
    return keys;
}

} // namespace delta::test

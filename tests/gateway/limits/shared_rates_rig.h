#pragma once

#include "gateway/limits/shared_rates.h"
#include "tests/support/redis_client_rig.h"

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

} // namespace delta::test

#pragma once

#include "gateway/telemetry/log_target.h"
#include "gateway/telemetry/log_text.h"
#include "shared/core/clock.h"
#include "shared/models/spend_entry.h"

#include <QByteArrayList>

#include <condition_variable>
#include <mutex>

namespace delta::telemetry::test {

/// A clock that stands still until it is told to move.
class StoppedClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steady() const override
    {
        return SteadyTime(now.time_since_epoch());
    }
    [[nodiscard]] WallTime wall() const override
    {
        return now;
    }

    WallTime now{std::chrono::milliseconds(1'800'000'000'123)};
};

/// A target whose lines can be read while the writer's thread lives. Shared with that thread.
class Lines
{
public:
    void add(const QByteArray &line)
    {
        const std::scoped_lock lock(m_mutex);
        m_lines.append(line);
    }
    [[nodiscard]] QByteArrayList all() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_lines;
    }

private:
    mutable std::mutex m_mutex;
    QByteArrayList m_lines;
};

/// Writes JSON lines into Lines.
class LinesTarget final : public LogTarget
{
public:
    explicit LinesTarget(Lines &lines)
        : m_lines(lines)
    {
    }
    [[nodiscard]] std::size_t write(std::span<const LogRecord> records) override
    {
        for (const LogRecord &record : records) {
            m_lines.add(jsonLine(record));
        }
        return 0;
    }

private:
    Lines &m_lines;
};

/// A call that succeeded, with every field set.
inline SpendEntry goodCall()
{
    SpendEntry entry;
    entry.requestId = "req_1";
    entry.operation = "chat_completion";
    entry.keyId = "AbCd0123";
    entry.userId = "ada";
    entry.teamId = "research";
    entry.model = "fast";
    entry.deploymentId = "fast-0";
    entry.provider = "acme";
    entry.upstreamModel = "acme-fast-1";
    entry.startedAt = WallTime(std::chrono::milliseconds(1'800'000'000'000));
    entry.latency = std::chrono::microseconds(123'456);
    entry.timeToFirst = std::chrono::microseconds(40'000);
    entry.upstreamLatency = std::chrono::microseconds(120'001);
    entry.usage.inputTokens = 100;
    entry.usage.outputTokens = 20;
    entry.usageSource = UsageSource::Reported;
    entry.cost = Money::fromNanos(125'000);
    entry.outcome = Outcome::Succeeded;
    entry.status = 200;
    return entry;
}

/// A call that was refused before anybody was identified.
inline SpendEntry refusedCall()
{
    SpendEntry entry;
    entry.requestId = "req_2";
    entry.operation = "chat_completion";
    entry.latency = std::chrono::microseconds(90);
    entry.status = 401;
    entry.errorCode = "invalid_api_key";
    return entry;
}

} // namespace delta::telemetry::test

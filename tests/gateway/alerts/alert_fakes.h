#pragma once

#include "gateway/alerts/channel.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace delta::alerts::test {

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

    WallTime now{std::chrono::milliseconds(1'795'824'000'000)}; ///< 2026-11-28, midnight in UTC.
};

/// Chance that counts, so that no two texts are alike.
class CountingRandom final : public Random
{
public:
    void fill(std::span<std::byte> target) override
    {
        std::ranges::generate(target, [this] { return std::byte(m_next++); });
    }

private:
    unsigned char m_next = 0;
};

/// A channel that keeps what it is sent, and does what the test says.
class KeepingChannel final : public Channel
{
public:
    using Answer = std::function<net::SideCaller::Outcome(const OutgoingAlert &)>;

    KeepingChannel(QString name, std::vector<OutgoingAlert> &sent, Answer answer = {})
        : m_name(std::move(name))
        , m_sent(sent)
        , m_answer(std::move(answer))
    {
    }
    [[nodiscard]] QString name() const override
    {
        return m_name;
    }
    [[nodiscard]] net::SideCaller::Outcome send(const OutgoingAlert &outgoing,
                                                const net::SideCaller &) override
    {
        m_sent.push_back(outgoing);
        return m_answer ? m_answer(outgoing) : net::SideCaller::Outcome();
    }

private:
    QString m_name;
    std::vector<OutgoingAlert> &m_sent;
    Answer m_answer;
};

/// An alert about a budget of a team that has spent 8.5 of 10 USD.
inline BudgetAlert sampleAlert(const QString &threshold = QStringLiteral("80"))
{
    BudgetAlert alert;
    alert.id = QStringLiteral("alert_1");
    alert.createdAt = WallTime(std::chrono::milliseconds(1'795'824'000'123));
    alert.instance = QStringLiteral("Kitchen");
    alert.threshold = threshold;
    alert.budget.id = QStringLiteral("b1");
    alert.budget.scope = BudgetScope::Team;
    alert.budget.scopeId = QStringLiteral("sales");
    alert.budget.maxBudget = Money::fromNanos(10'000'000'000);
    alert.budget.softBudget = Money::fromNanos(8'000'000'000);
    alert.budget.duration = Period{1, PeriodUnit::Month};
    alert.spent = Money::fromNanos(8'500'000'000);
    alert.limit = alert.budget.maxBudget;
    alert.windowBegin = WallTime(std::chrono::milliseconds(1'793'491'200'000));
    alert.renewsAt = WallTime(std::chrono::milliseconds(1'796'083'200'000));
    return alert;
}

} // namespace delta::alerts::test

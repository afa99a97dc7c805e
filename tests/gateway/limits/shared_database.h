#pragma once

#include "gateway/ports/budget_grants.h"
#include "gateway/ports/gateway_roll.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace delta::test {

/// A clock that a test turns, in whole milliseconds.
class TurnedClock final : public Clock
{
public:
    [[nodiscard]] WallTime wall() const override
    {
        return now;
    }
    [[nodiscard]] SteadyTime steady() const override
    {
        return SteadyTime(now.time_since_epoch());
    }

    WallTime now = WallTime(std::chrono::milliseconds(1'795'824'000'000)); ///< A midnight in UTC.
};

/// What several gateways know of one another: one budget, what was posted of it, and who holds how much.
struct SharedDatabase {
    struct Held {
        Money amount;
        std::optional<WallTime> until;
    };

    const Clock &clock;
    std::map<int, std::vector<ports::Spending>> posted; ///< By gateway; the index is the offset.
    std::map<int, Held> held;                           ///< By gateway.
    /// Those on the roll, with what they said last.
    std::map<int, ports::GatewayEntry::Seen> roll = {};
    std::function<void(int)> onForgotten = {}; ///< Hears who was, if it is there.
    std::function<void()> onEnrolled = {};     ///< Called when somebody was, likewise.
};

/// The database as one gateway meets it.
class GrantsOfGateway final : public ports::BudgetGrants, public ports::GatewayRoll
{
public:
    enum class Mood {
        Works,
        IsAway,       ///< Fails before anything is read.
        LosesWork,    ///< Fails, and has not written.
        LosesAnswers, ///< Has written, and nobody hears of it.
    };

    GrantsOfGateway(SharedDatabase &database, int gateway)
        : m_database(database)
        , m_gateway(gateway)
    {
    }

    Result<void> renewGrant(const ports::GrantQuestion &question, const Decide &decide) override
    {
        ++renewals;
        if (mood == Mood::IsAway) {
            return failure(ApiError::storeUnavailable(QStringLiteral("away")));
        }
        const ports::GrantPicture seen = picture(question.since);
        doMeanwhile();
        const ports::Grant grant = decide(seen);
        doMeanwhile();
        if (mood != Mood::LosesWork) {
            write(grant);
        }
        return outcome();
    }
    Result<void> dropGrants() override
    {
        m_database.held.erase(m_gateway);
        return {};
    }
    Result<bool> reportIn(const ports::GatewayReport &report) override
    {
        ++reports;
        if (mood == Mood::IsAway) {
            return failure(ApiError::storeUnavailable(QStringLiteral("away")));
        }
        const auto mine = m_database.roll.find(m_gateway);
        if (mine != m_database.roll.end() && mood != Mood::LosesWork) {
            mine->second.report = report;
            mine->second.at = m_database.clock.wall();
        }
        return outcome().transform([&] { return mine != m_database.roll.end(); });
    }
    Result<void> enroll(const ports::GatewayReport &report) override
    {
        if (mood != Mood::LosesWork && mood != Mood::IsAway) {
            const WallTime now = m_database.clock.wall();
            m_database.roll[m_gateway] = {report, now, now, {}};
            if (m_database.onEnrolled) {
                m_database.onEnrolled();
            }
        }
        return outcome();
    }
    Result<void> leave() override
    {
        m_database.roll.erase(m_gateway);
        return {};
    }
    Result<std::vector<ports::GatewayEntry>> gatewaysNotSeenFor(
        std::chrono::milliseconds time) override
    {
        std::vector<ports::GatewayEntry> entries;
        for (auto &[gateway, seen] : m_database.roll) {
            seen.ago = m_database.clock.wall() - seen.at;
            if (seen.ago >= time && gateway != m_gateway) {
                entries.push_back({gateway, {}, holdingOf(gateway), seen});
            }
        }
        return outcome().transform([&entries] { return entries; });
    }
    Result<std::vector<ports::GatewayEntry>> gateways() override
    {
        std::vector<ports::GatewayEntry> entries;
        for (const auto &[gateway, seen] : m_database.roll) {
            entries.push_back({gateway, {}, holdingOf(gateway), seen});
        }
        return outcome().transform([&entries] { return entries; });
    }
    Result<std::optional<ports::GatewayHolding>> forgetGateway(
        qint64 journal, std::optional<std::chrono::milliseconds> notSeenFor) override
    {
        const int gateway = static_cast<int>(journal);
        const auto found = m_database.roll.find(gateway);
        if (mood == Mood::LosesWork || mood == Mood::IsAway || found == m_database.roll.end()
            || m_database.clock.wall() - found->second.at
                < notSeenFor.value_or(std::chrono::milliseconds(0))) {
            return outcome().transform([] { return std::optional<ports::GatewayHolding>(); });
        }
        const ports::GatewayHolding held = holdingOf(gateway);
        m_database.roll.erase(found);
        m_database.held.erase(gateway);
        if (m_database.onForgotten) {
            m_database.onForgotten(gateway);
        }
        return outcome().transform([held] { return std::optional(held); });
    }
    /// Returns what was posted, as of one moment.
    [[nodiscard]] ports::SpendingSoFar spending(WallTime since) const
    {
        ports::SpendingSoFar soFar;
        soFar.applied = m_database.posted[m_gateway].size();
        for (const auto &[gateway, spendings] : m_database.posted) {
            std::ranges::copy_if(
                spendings, std::back_inserter(soFar.spendings),
                [since](const ports::Spending &spending) { return spending.at >= since; });
        }
        return soFar;
    }

    Mood mood = Mood::Works;
    int renewals = 0;
    int reports = 0;
    std::function<void()> meanwhile; ///< Called twice while the database works, if there is any.

private:
    [[nodiscard]] Result<void> outcome() const
    {
        return mood == Mood::Works
            ? Result<void>()
            : failure(ApiError::storeUnavailable(QStringLiteral("connection lost")));
    }
    [[nodiscard]] ports::GatewayHolding holdingOf(int gateway) const
    {
        const auto found = m_database.held.find(gateway);
        return found == m_database.held.end() || found->second.amount == Money()
            ? ports::GatewayHolding()
            : ports::GatewayHolding{found->second.amount, 1};
    }
    void doMeanwhile()
    {
        if (const auto once = meanwhile) {
            once();
        }
    }
    [[nodiscard]] ports::GrantPicture picture(WallTime since) const
    {
        ports::GrantPicture seen{spending(since), {}};
        for (const auto &[gateway, holding] : m_database.held) {
            const bool isGone = holding.until && *holding.until <= m_database.clock.wall();
            seen.elsewhere += gateway == m_gateway || isGone ? Money() : holding.amount;
        }
        return seen;
    }
    void write(const ports::Grant &grant)
    {
        m_database.held[m_gateway] = {
            grant.amount, grant.lifetime.transform([this](std::chrono::milliseconds lifetime) {
                return m_database.clock.wall() + lifetime;
            })};
    }

    SharedDatabase &m_database;
    int m_gateway;
};

} // namespace delta::test

#pragma once

#include "gateway/limits/rate_rule.h"
#include "gateway/limits/shared_rate_keys.h"
#include "gateway/ports/shared_store.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace delta::limits {

/// What one call counts in the shared store: how its rules are asked about, and what the store answers to
/// which. Rules of one counter, unit and period count once; of their limits the lowest is asked about, for
/// that has room last. All windows of a scope are under one key, which the store reads and writes at once.
class SharedRatePlan
{
public:
    /// By how much windows change.
    struct Change {
        qint64 requests = 0;
        qint64 tokens = 0;
    };

    SharedRatePlan(std::span<const RateRule> rules, SharedRateKeys &keys);

    /// Adds what admitScript() needs of each key.
    void addQuestion(ports::SharedCall &call) const;
    /// Adds what settleScript() needs of each key that is concerned: slots always are.
    void addChange(Change change, ports::SharedCall &call) const;
    /// Adds the slots of the call with that name to what renewScript() needs.
    void addLeases(const QByteArray &name, ports::SharedCall &call) const;

    /// Returns how many counters the store tells about.
    [[nodiscard]] std::size_t size() const
    {
        return m_order.size();
    }
    /// Returns the rule that is meant by one of them: the first with the lowest limit.
    [[nodiscard]] std::size_t ruleOf(std::size_t place) const
    {
        return m_counters[m_order[place]].rule;
    }
    /// Returns which of them a rule counts in.
    [[nodiscard]] std::size_t placeOf(std::size_t rule) const
    {
        return m_counters[m_counterOf[rule]].place;
    }
    [[nodiscard]] bool hasSlots() const;

private:
    struct Counter {
        std::size_t rule = 0;
        qint64 limit = 0;
        std::size_t place = 0; ///< In what the store tells.
    };
    /// What is counted of a scope in one period, or its slots.
    struct Window {
        qint64 step = 0; ///< In milliseconds, as in SlidingSum; zero: slots.
        std::array<std::optional<std::size_t>, 2> counters; ///< Of requests or slots; of tokens.
    };
    /// What is under one key: some windows of a scope, or slots.
    struct Group {
        QByteArray counter;
        QByteArray key;
        std::vector<Window> windows;
    };

    Window &windowOf(const RateRule &rule, SharedRateKeys &keys);
    void addRule(std::size_t index, const RateRule &rule, SharedRateKeys &keys);
    [[nodiscard]] static bool isSlots(const Group &group)
    {
        return group.windows.front().step == 0;
    }

    std::vector<Counter> m_counters;
    std::vector<std::size_t> m_counterOf; ///< One for each rule.
    std::vector<Group> m_groups;
    std::vector<std::size_t> m_order; ///< The counters as the store tells about them.
};

} // namespace delta::limits

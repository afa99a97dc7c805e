#include "gateway/limits/shared_rate_plan.h"

#include "gateway/limits/shared_rates.h"
#include "gateway/limits/sliding_sum.h"
#include "shared/core/clock.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace delta::limits {

using namespace Qt::StringLiterals;

namespace {

using std::chrono::milliseconds;

/// As in SlidingSum.
qint64 stepOf(const RateRule &rule)
{
    constexpr int steps = SlidingSum<SteadyTime, qint64>::steps;
    if (rule.unit == RateUnit::Parallel) {
        return 0;
    }
    const milliseconds period = std::max(milliseconds(1), rule.period);
    return ((period + milliseconds(steps - 1)) / steps).count();
}

} // namespace

SharedRatePlan::SharedRatePlan(std::span<const RateRule> rules, SharedRateKeys &keys)
{
    m_counters.reserve(rules.size());
    m_counterOf.reserve(rules.size());
    for (std::size_t index = 0; index < rules.size(); ++index) {
        addRule(index, rules[index], keys);
    }
    m_order.reserve(m_counters.size());
    for (const Group &group : m_groups) {
        for (const Window &window : group.windows) {
            for (const auto &counter : window.counters) {
                if (counter) {
                    m_counters[*counter].place = m_order.size();
                    m_order.push_back(*counter);
                }
            }
        }
    }
}

void SharedRatePlan::addRule(std::size_t index, const RateRule &rule, SharedRateKeys &keys)
{
    const qint64 limit = std::min(rule.limit, SharedRates::mostCounted);
    auto &counter = windowOf(rule, keys).counters.at(rule.unit == RateUnit::Tokens ? 1 : 0);
    if (!counter) {
        counter = m_counters.size();
        m_counters.push_back({index, limit, 0});
    } else if (limit < m_counters[*counter].limit) {
        m_counters[*counter] = {index, limit, 0};
    }
    m_counterOf.push_back(*counter);
}

/// A window is under one key only once. New ones join those of the same scope that came last: of rules that
/// have room at the same time, the first is named.
SharedRatePlan::Window &SharedRatePlan::windowOf(const RateRule &rule, SharedRateKeys &keys)
{
    const qint64 step = stepOf(rule);
    for (Group &group : m_groups) {
        const auto known = std::ranges::find(group.windows, step, &Window::step);
        if (known != group.windows.end() && group.counter == rule.counter) {
            return *known;
        }
    }
    const bool joins = !m_groups.empty() && step != 0 && !isSlots(m_groups.back())
        && m_groups.back().counter == rule.counter;
    if (!joins) {
        const SharedRateKeys::Keys names = keys.of(rule.counter);
        m_groups.push_back({rule.counter, step == 0 ? names.calls : names.windows, {}});
    }
    return m_groups.back().windows.emplace_back(Window{step, {}});
}

void SharedRatePlan::addQuestion(ports::SharedCall &call) const
{
    call.keys.reserve(m_groups.size());
    call.arguments.reserve(call.arguments.size() + 4 * m_groups.size());
    const auto addLimit = [&](const std::optional<std::size_t> &counter) {
        call.arguments.push_back(counter ? QByteArray::number(m_counters[*counter].limit) : ""_ba);
    };
    for (const Group &group : m_groups) {
        call.keys.push_back(group.key);
        if (isSlots(group)) {
            call.arguments.push_back("0"_ba);
            addLimit(group.windows.front().counters.front());
            continue;
        }
        call.arguments.push_back(QByteArray::number(group.windows.size()));
        for (const Window &window : group.windows) {
            call.arguments.push_back(QByteArray::number(window.step));
        }
        for (const Window &window : group.windows) {
            std::ranges::for_each(window.counters, addLimit);
        }
    }
}

void SharedRatePlan::addChange(Change change, ports::SharedCall &call) const
{
    for (const Group &group : m_groups) {
        std::vector<QByteArray> steps;
        std::vector<QByteArray> changes;
        for (const Window &window : group.windows) {
            const qint64 requests = window.counters[0] ? change.requests : 0;
            const qint64 tokens = window.counters[1] ? change.tokens : 0;
            if (window.step != 0 && (requests != 0 || tokens != 0)) {
                steps.push_back(QByteArray::number(window.step));
                changes.push_back(QByteArray::number(requests));
                changes.push_back(QByteArray::number(tokens));
            }
        }
        if (isSlots(group) || !steps.empty()) {
            call.keys.push_back(group.key);
            call.arguments.push_back(QByteArray::number(steps.size()));
            std::ranges::move(steps, std::back_inserter(call.arguments));
            std::ranges::move(changes, std::back_inserter(call.arguments));
        }
    }
}

void SharedRatePlan::addLeases(const QByteArray &name, ports::SharedCall &call) const
{
    for (const Group &group : m_groups) {
        if (isSlots(group)) {
            call.keys.push_back(group.key);
            call.arguments.push_back(name);
        }
    }
}

bool SharedRatePlan::hasSlots() const
{
    return std::ranges::any_of(m_groups, &SharedRatePlan::isSlots);
}

} // namespace delta::limits

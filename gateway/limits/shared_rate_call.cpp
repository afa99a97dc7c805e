#include "gateway/limits/shared_rate_call.h"

#include <algorithm>
#include <utility>

namespace delta::limits {

namespace {

using std::chrono::milliseconds;

qint64 demandOf(RateUnit unit, qint64 tokens)
{
    return unit == RateUnit::Tokens ? tokens : 1;
}

} // namespace

SharedRateCall::SharedRateCall(SharedRates &rates, Question question)
    : m_rates(rates)
    , m_question(std::move(question))
    , m_plan(m_question.rules, rates.m_keys)
{
    m_question.tokens = std::min(m_question.tokens, SharedRates::mostCounted);
}

ports::SharedCall SharedRateCall::question() const
{
    ports::SharedCall call{m_rates.m_admit,
                           {},
                           {m_question.name, QByteArray::number(qint64(SharedRates::lease.count())),
                            QByteArray::number(m_question.tokens)}};
    m_plan.addQuestion(call);
    return call;
}

void SharedRateCall::skip()
{
    m_rates.m_parts.status.degradedCalls.fetch_add(1, std::memory_order_relaxed);
    m_isDecided = true;
}

void SharedRateCall::onLate()
{
    m_rates.m_parts.status.degradedCalls.fetch_add(1, std::memory_order_relaxed);
    decide();
}

void SharedRateCall::onAnswer(const ports::SharedAnswer &answer)
{
    const bool isLate = m_isDecided;
    const bool isUnderstood = understand(answer);
    if (isUnderstood && m_verdict.kind == SharedVerdict::Kind::Admitted) {
        hold();
    }
    if (isLate) {
        return;
    }
    if (!isUnderstood) {
        m_rates.m_parts.status.degradedCalls.fetch_add(1, std::memory_order_relaxed);
    }
    decide();
}

/// Reads what admitScript() returns. Returns false if it is anything else.
bool SharedRateCall::understand(const ports::SharedAnswer &answer)
{
    constexpr std::size_t first = 3;
    const std::vector<RateRule> &rules = m_question.rules;
    if (!answer || answer->size() != first + 2 * m_plan.size() || std::ranges::min(*answer) < 0
        || (*answer)[0] > static_cast<qint64>(m_plan.size())) {
        return false;
    }
    const std::vector<qint64> &numbers = *answer;
    m_admittedAt = numbers[1];
    m_verdict.states.reserve(rules.size());
    for (std::size_t index = 0; index < rules.size(); ++index) {
        const std::size_t at = first + 2 * m_plan.placeOf(index);
        m_verdict.states.push_back({rules[index], numbers[at], milliseconds(numbers[at + 1])});
    }
    m_verdict.kind = SharedVerdict::Kind::Admitted;
    if (numbers[0] > 0) {
        const std::size_t place = static_cast<std::size_t>(numbers[0] - 1);
        const RateState &state = m_verdict.states[m_plan.ruleOf(place)];
        const qint64 wanted = demandOf(state.rule.unit, m_question.tokens);
        m_verdict.kind = SharedVerdict::Kind::Refused;
        m_verdict.refusal.emplace();
        m_verdict.refusal->rule = state.rule;
        m_verdict.refusal->used = state.used;
        m_verdict.refusal->wanted = wanted;
        if (wanted <= state.rule.limit) {
            m_verdict.refusal->retryAfter = milliseconds(numbers[2]);
        }
    }
    return true;
}

/// Tells who waits. They may end the call in it.
void SharedRateCall::decide()
{
    m_isDecided = true;
    if (const auto told = std::exchange(m_question.onDecided, nullptr)) {
        told();
    }
}

void SharedRateCall::hold()
{
    m_isHeld = true;
    if (m_isOver) {
        giveBack(); // Its answer came after its end.
        return;
    }
    if (m_plan.hasSlots()) {
        m_rates.m_leases.insert(this);
    }
}

void SharedRateCall::end(std::optional<qint64> tokens)
{
    m_isOver = true;
    m_used = tokens;
    m_question.onDecided = nullptr;
    if (m_isHeld) {
        m_rates.m_leases.erase(this);
        giveBack();
    }
}

/// Frees the slots, and puts what the call used in the place of what was thought.
void SharedRateCall::giveBack()
{
    ports::SharedCall call{
        m_rates.m_settle, {}, {m_question.name, QByteArray::number(m_admittedAt)}};
    const qint64 used = std::min(m_used.value_or(0), SharedRates::mostCounted);
    m_plan.addChange({m_used ? 0 : -1, used - m_question.tokens}, call);
    if (!call.keys.empty()) {
        m_rates.m_parts.store.tell(std::move(call));
    }
}

void SharedRateCall::addLeases(ports::SharedCall &renewal) const
{
    m_plan.addLeases(m_question.name, renewal);
}

} // namespace delta::limits

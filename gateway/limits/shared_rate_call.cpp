#include "gateway/limits/shared_rate_call.h"

#include "gateway/limits/sliding_sum.h"
#include "shared/core/clock.h"

#include <QCryptographicHash>

#include <algorithm>
#include <utility>

namespace delta::limits {

namespace {

using std::chrono::milliseconds;

/// Beyond it, numbers of Lua are not exact. No limit that is larger will be reached.
constexpr qint64 mostCounted = 1'000'000'000'000'000;

constexpr auto base64 = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

/// The key of a rule's counter in the store. The braces keep all keys together where a store is split.
QByteArray keyOf(const RateRule &rule)
{
    constexpr qsizetype digestSize = 16;
    const QByteArray name = rule.counter + '\n' + QByteArray::number(std::to_underlying(rule.unit))
        + '\n' + QByteArray::number(qint64(rule.period.count()));
    const QByteArray digest = QCryptographicHash::hash(name, QCryptographicHash::Sha256);
    return "{deltallm}:rate:" + digest.first(digestSize).toBase64(base64);
}

/// The length of a step in milliseconds, as in SlidingSum; zero for slots.
QByteArray stepOf(const RateRule &rule)
{
    constexpr int steps = SlidingSum<SteadyTime, qint64>::steps;
    if (rule.unit == RateUnit::Parallel) {
        return "0";
    }
    const milliseconds period = std::max(milliseconds(1), rule.period);
    return QByteArray::number(qint64(((period + milliseconds(steps - 1)) / steps).count()));
}

qint64 demandOf(RateUnit unit, qint64 tokens)
{
    return unit == RateUnit::Tokens ? tokens : 1;
}

} // namespace

SharedRateCall::SharedRateCall(SharedRates &rates, Question question)
    : m_rates(rates)
    , m_question(std::move(question))
{
    m_question.tokens = std::min(m_question.tokens, mostCounted);
    for (const RateRule &rule : m_question.rules) {
        m_keys.push_back(keyOf(rule));
    }
}

ports::SharedCall SharedRateCall::question() const
{
    ports::SharedCall call{
        m_rates.m_admit,
        m_keys,
        {m_question.name, QByteArray::number(qint64(SharedRates::lease.count()))}};
    for (const RateRule &rule : m_question.rules) {
        call.arguments.push_back(stepOf(rule));
        call.arguments.push_back(QByteArray::number(std::min(rule.limit, mostCounted)));
        call.arguments.push_back(QByteArray::number(demandOf(rule.unit, m_question.tokens)));
    }
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
    if (!answer || answer->size() != first + 2 * rules.size() || std::ranges::min(*answer) < 0
        || (*answer)[0] > static_cast<qint64>(rules.size())) {
        return false;
    }
    const std::vector<qint64> &numbers = *answer;
    m_admittedAt = numbers[1];
    for (std::size_t index = 0; index < rules.size(); ++index) {
        m_verdict.states.push_back({rules[index], numbers[first + 2 * index],
                                    milliseconds(numbers[first + 2 * index + 1])});
    }
    m_verdict.kind = SharedVerdict::Kind::Admitted;
    if (numbers[0] > 0) {
        const RateState &state = m_verdict.states[static_cast<std::size_t>(numbers[0] - 1)];
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
    if (std::ranges::contains(m_question.rules, RateUnit::Parallel, &RateRule::unit)) {
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

/// By how much a rule has to be changed now that the call is over; for slots, by one.
qint64 SharedRateCall::changeOf(const RateRule &rule) const
{
    switch (rule.unit) {
    case RateUnit::Requests:
        return m_used ? 0 : -1;
    case RateUnit::Tokens:
        return std::min(m_used.value_or(0), mostCounted) - m_question.tokens;
    case RateUnit::Parallel:
        break;
    }
    return -1;
}

void SharedRateCall::giveBack()
{
    ports::SharedCall call{
        m_rates.m_settle, {}, {m_question.name, QByteArray::number(m_admittedAt)}};
    for (std::size_t index = 0; index < m_keys.size(); ++index) {
        const RateRule &rule = m_question.rules[index];
        const bool isDone = std::ranges::contains(call.keys, m_keys[index]);
        if (const qint64 change = changeOf(rule); change != 0 && !isDone) {
            call.keys.push_back(m_keys[index]);
            call.arguments.push_back(stepOf(rule));
            call.arguments.push_back(QByteArray::number(change));
        }
    }
    if (!call.keys.empty()) {
        m_rates.m_parts.store.tell(std::move(call));
    }
}

void SharedRateCall::addLeases(ports::SharedCall &renewal) const
{
    for (std::size_t index = 0; index < m_keys.size(); ++index) {
        if (m_question.rules[index].unit == RateUnit::Parallel) {
            renewal.keys.push_back(m_keys[index]);
            renewal.arguments.push_back(m_question.name);
        }
    }
}

} // namespace delta::limits

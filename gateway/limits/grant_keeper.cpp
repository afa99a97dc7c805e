#include "gateway/limits/grant_keeper.h"

#include <algorithm>

namespace delta::limits {

namespace {

constexpr std::chrono::seconds renewalInterval{1};
/// A budget whose calls take long to add up is not renewed for so many times as long.
constexpr int rest = 20;

} // namespace

void GrantKeeper::ask(const std::vector<QString> &ids, Money amount, Answer answer)
{
    const auto waiter = std::make_shared<Waiter>(std::move(answer), ids.size());
    {
        const std::scoped_lock lock(m_mutex);
        for (const QString &id : ids) {
            Asked &asked = m_asked[id];
            asked.amount += amount;
            asked.waiters.push_back(waiter);
        }
        if (std::exchange(m_isServing, true)) {
            return;
        }
    }
    m_parts.post([this] { serve(); });
}

/// Asks for all that is wanted, also for what comes meanwhile.
void GrantKeeper::serve()
{
    while (const auto id = nextAsked()) {
        Asked asked;
        const auto question = m_parts.book.question(*id, m_parts.clock.wall());
        const Result<void> outcome = question ? renew(*question, asked) : Result<void>();
        if (!asked.isDecided) {
            take(*id, asked); // There is nothing to ask for, or nobody who would say.
        }
        answer(asked, outcome);
    }
}

std::optional<QString> GrantKeeper::nextAsked()
{
    const std::scoped_lock lock(m_mutex);
    m_isServing = !m_asked.empty();
    return m_isServing ? std::optional(m_asked.begin()->first) : std::nullopt;
}

void GrantKeeper::take(const QString &id, Asked &asked)
{
    const std::scoped_lock lock(m_mutex);
    if (auto node = m_asked.extract(id)) {
        Asked &more = node.mapped();
        asked.amount += more.amount;
        asked.waiters.insert(asked.waiters.end(), more.waiters.begin(), more.waiters.end());
    }
}

void GrantKeeper::answer(const Asked &asked, const Result<void> &outcome)
{
    for (const auto &waiter : asked.waiters) {
        if (!outcome) {
            waiter->outcome = outcome;
        }
        if (--waiter->open == 0) {
            waiter->answer(waiter->outcome);
        }
    }
}

Result<void> GrantKeeper::renew(const GrantQuestion &question, Asked &asked)
{
    const SteadyTime begin = m_parts.clock.steady();
    const auto decide = [&](const ports::GrantPicture &seen) {
        // As late as this, so that nobody waits for a second round who need not.
        take(question.budget.id, asked);
        asked.isDecided = true;
        return m_parts.book.plan(question, seen, asked.amount, m_parts.clock.wall());
    };
    // What is not this gateway's any more must be known before it is held on to.
    Result<void> renewed = m_parts.presence.keep();
    if (renewed) {
        renewed = m_parts.grants.renewGrant(question, decide);
    }
    if (!renewed) {
        m_parts.book.putBack(question);
        return renewed;
    }
    m_parts.book.confirm(question);
    const SteadyTime end = m_parts.clock.steady();
    if (rest * (end - begin) > renewalInterval) {
        m_restingUntil[question.budget.id] = end + rest * (end - begin);
    } else {
        m_restingUntil.erase(question.budget.id);
    }
    return {};
}

void GrantKeeper::tend()
{
    m_parts.presence.tend();
    const SteadyTime now = m_parts.clock.steady();
    if (m_tendedAt && now - *m_tendedAt < renewalInterval) {
        return;
    }
    m_tendedAt = now;
    {
        const std::scoped_lock lock(m_mutex);
        if (std::exchange(m_isRenewing, true)) {
            return; // A database that is slow must not be asked more and more.
        }
    }
    m_parts.post([this] { renewBusy(); });
}

void GrantKeeper::renewBusy()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isRenewing = false;
    }
    bool isReachable = m_parts.presence.keep().has_value();
    if (isReachable) {
        m_parts.presence.look();
    }
    for (const GrantQuestion &question : m_parts.book.takeBusy(m_parts.clock.wall())) {
        serve(); // Who waits goes before who does not.
        const auto resting = m_restingUntil.find(question.budget.id);
        const bool isResting = resting != m_restingUntil.end()
            && m_parts.clock.steady() < resting->second;
        if (!isReachable || isResting) {
            m_parts.book.putBack(question);
            continue;
        }
        Asked asked;
        const Result<void> outcome = renew(question, asked);
        answer(asked, outcome);
        isReachable = outcome.has_value();
    }
}

} // namespace delta::limits

#include "gateway/limits/budget_book.h"

#include "gateway/limits/budget_account.h"
#include "gateway/limits/budget_scope_names.h"

#include <algorithm>
#include <utility>

namespace delta::limits {

namespace {

/// Of one call; more only cost an allocation.
constexpr std::size_t usualBudgets = 16;

std::size_t indexOf(BudgetScope scope)
{
    return static_cast<std::size_t>(std::to_underlying(scope));
}

bool countTheSameCalls(const Budget &a, const Budget &b)
{
    return a.scope == b.scope && a.scopeId == b.scopeId && a.memberId == b.memberId;
}

/// Says whether both count the same calls over the same time.
bool countTheSame(const Budget &a, const Budget &b)
{
    return countTheSameCalls(a, b) && a.duration == b.duration && a.reset == b.reset
        && a.timeZone == b.timeZone && a.lastReset == b.lastReset;
}

} // namespace

BudgetHold::~BudgetHold()
{
    if (m_book) {
        m_book->release(*this);
    }
}

std::optional<WallTime> BudgetBook::put(const Budget &budget, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    // Who made the reset may have a clock that is ahead of ours. What is reserved from here on must count.
    now = advance(std::max(now, budget.lastReset.value_or(now)));
    Account &account = m_byId[budget.id];
    if (account && countTheSame(account->budget, budget)) {
        account->change(budget);
    } else {
        const Account old = account;
        account = replaced(old, std::make_shared<BudgetAccount>(budget, now));
        if (m_sharing == Sharing::SeveralGateways) {
            account->grant.emplace(m_trustedUntil);
        }
        if (old) {
            keepBusy(account); // What was held by the old one has to be given back.
        }
        m_byScope.at(indexOf(budget.scope))[scopeName(budget)].push_back(account);
    }
    noteNews(*account);
    return account->isLoaded ? std::nullopt : std::optional(account->window.begin());
}

/// Puts a new account in the place of one that counts otherwise, or of none. What limited before goes on to,
/// until the new one knows what was spent.
BudgetBook::Account BudgetBook::replaced(const Account &old, Account account)
{
    if (!old) {
        return account;
    }
    if (countTheSameCalls(old->budget, account->budget)) {
        account->reserved = old->reserved;
    }
    account->predecessor = old->isLoaded ? old : old->predecessor;
    if (!old->isLoaded) {
        unlist(*old);
    }
    return account;
}

/// Returns the account that limits now in the place of one that a hold was made in.
BudgetBook::Account BudgetBook::newest(const Account &account) const
{
    const Account current = m_byId.value(account->budget.id);
    const Account limiting = !current || current->isLoaded ? current : current->predecessor;
    return limiting && limiting->reserved == account->reserved ? limiting : account;
}

void BudgetBook::load(const QString &id, const ports::SpendingSoFar &before)
{
    const std::scoped_lock lock(m_mutex);
    if (const Account account = m_byId.value(id); account && !account->isLoaded) {
        account->load(before, m_now);
        noteNews(*account);
        if (const Account old = std::exchange(account->predecessor, nullptr)) {
            unlist(*old);
        }
    }
}

void BudgetBook::remove(const QString &id)
{
    const std::scoped_lock lock(m_mutex);
    m_news.remove(id);
    if (const Account account = m_byId.take(id)) {
        unlist(*account);
        if (account->predecessor) {
            unlist(*account->predecessor);
        }
    }
}

/// Hands over all budgets of a call, one after another.
template <typename Visit>
void BudgetBook::eachAccountOf(const SpendEntry &call, const Visit &visit) const
{
    for (std::size_t kind = 0; kind < scopeKinds; ++kind) {
        const auto &listed = m_byScope.at(kind);
        if (listed.isEmpty()) {
            continue;
        }
        eachScopeName(call, static_cast<BudgetScope>(kind), [&](const QByteArray &name) {
            if (const auto here = listed.find(name); here != listed.end()) {
                std::ranges::for_each(*here, visit);
            }
        });
    }
}

std::expected<BudgetHold, BudgetShortage> BudgetBook::reserve(const SpendEntry &call, Money amount,
                                                              WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    BudgetHold hold;
    hold.m_at = advance(now);
    hold.m_accounts.reserve(usualBudgets);
    eachAccountOf(call, [&hold](const Account &account) {
        // Who has no limit needs no reservation, and could not hold any number of them.
        if (account->limits()) {
            hold.m_accounts.push_back(account);
        }
    });
    if (auto tight = shortage(hold.m_accounts, amount)) {
        std::ranges::for_each(hold.m_accounts,
                              [this](const Account &account) { keepBusy(account); });
        return std::unexpected(*std::move(tight));
    }
    for (const Account &account : hold.m_accounts) {
        *account->reserved += amount;
        noteUse(account);
    }
    hold.m_amount = amount;
    hold.m_book = this;
    return hold;
}

std::expected<void, BudgetShortage> BudgetBook::extend(BudgetHold &hold, Money more, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    for (Account &account : hold.m_accounts) {
        account = newest(account);
    }
    if (auto tight = shortage(hold.m_accounts, more)) {
        return std::unexpected(*std::move(tight));
    }
    for (const Account &account : hold.m_accounts) {
        *account->reserved += more;
        noteUse(account);
        // Else what is taken from this window would be counted in one that is over.
        hold.m_isMoved = hold.m_isMoved || account->window.begin() > hold.m_at;
    }
    hold.m_at = hold.m_isMoved ? now : hold.m_at;
    hold.m_amount += more;
    return {};
}

void BudgetBook::settle(BudgetHold hold, const SpendEntry &call, std::uint64_t offset)
{
    const std::scoped_lock lock(m_mutex);
    giveBack(hold);
    eachAccountOf(call, [&](const Account &account) {
        account->count({offset, {hold.m_at, call.cost}});
        noteUse(account);
        noteNews(*account);
    });
}

std::optional<BudgetState> BudgetBook::tightest(const BudgetHold &hold)
{
    const std::scoped_lock lock(m_mutex);
    return shortage(hold.m_accounts, endlessMoney);
}

std::optional<BudgetState> BudgetBook::state(const QString &id, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    const Account account = m_byId.value(id);
    return account ? std::optional(account->stateAt(now)) : std::nullopt;
}

std::vector<BudgetState> BudgetBook::states(WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    std::vector<BudgetState> states;
    states.reserve(static_cast<std::size_t>(m_byId.size()));
    for (const Account &account : std::as_const(m_byId)) {
        states.push_back(account->stateAt(now));
    }
    return states;
}

void BudgetBook::noteRefusal(const QString &id, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    if (const Account account = m_byId.value(id)) {
        account->refusedAt = now;
        noteNews(*account);
    }
}

std::vector<ports::BudgetStanding> BudgetBook::news(WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    std::vector<ports::BudgetStanding> standings;
    for (const QString &id : std::exchange(m_news, {})) {
        const Account account = m_byId.value(id);
        account->isNews = false;
        if (account->isLoaded) {
            standings.push_back(account->standingAt(now));
        }
    }
    return standings;
}

/// Costs a call no more than a look at a flag, as long as nobody has asked for the news before.
void BudgetBook::noteNews(BudgetAccount &account)
{
    // One that waits to be removed stands in m_byScope only, and its id may be gone.
    if (!account.isNews && m_byId.contains(account.budget.id)) {
        account.isNews = true;
        m_news.insert(account.budget.id);
    }
}

void BudgetBook::release(BudgetHold &hold)
{
    const std::scoped_lock lock(m_mutex);
    giveBack(hold);
}

void BudgetBook::giveBack(BudgetHold &hold)
{
    for (const Account &account : hold.m_accounts) {
        *account->reserved = *account->reserved - hold.m_amount;
    }
    hold.m_book = nullptr;
}

void BudgetBook::unlist(const BudgetAccount &account)
{
    auto &accounts = m_byScope.at(indexOf(account.budget.scope));
    const QByteArray name = scopeName(account.budget);
    std::erase_if(accounts[name],
                  [&account](const Account &listed) { return listed.get() == &account; });
    if (accounts[name].empty()) {
        accounts.remove(name);
    }
}

/// Returns why the accounts cannot pay an amount: the one with the least left; or else, where the database has
/// to be asked first, the one with the least room.
std::optional<BudgetShortage> BudgetBook::shortage(const Accounts &accounts, Money amount)
{
    if (BudgetAccount *tight = tightest(accounts, amount, &BudgetAccount::leftAt)) {
        return BudgetShortage{tight->stateAt(m_now), tight->leftAt(m_now), {}};
    }
    BudgetAccount *tight = m_sharing == Sharing::OneGateway
        ? nullptr
        : tightest(accounts, amount, &BudgetAccount::roomAt);
    if (!tight) {
        return std::nullopt;
    }
    BudgetShortage shortage{tight->stateAt(m_now), tight->roomAt(m_now), {}};
    for (const Account &account : accounts) {
        if (account->limits() && account->roomAt(m_now) < amount) {
            shortage.lacking.push_back(account->budget.id);
        }
    }
    return shortage;
}

/// Returns the account with the least of something, if that is less than the amount; else null.
BudgetAccount *BudgetBook::tightest(const Accounts &accounts, Money amount,
                                    Money (BudgetAccount::*measure)(WallTime))
{
    Money least = amount;
    BudgetAccount *tight = nullptr;
    for (const Account &account : accounts) {
        // A hold stays in the budgets that it began with, also in one whose limit was taken away.
        if (!account->limits()) {
            continue;
        }
        if (const Money has = (*account.*measure)(m_now); has < least) {
            least = has;
            tight = account.get();
        }
    }
    return tight;
}

/// Has what a gateway holds of a shared budget renewed before long.
void BudgetBook::noteUse(const Account &account)
{
    account->isUsed = true;
    keepBusy(account);
}

void BudgetBook::keepBusy(const Account &account)
{
    if (account->grant && !account->isBusy) {
        account->isBusy = true;
        m_busy.push_back(account);
    }
}

std::optional<GrantQuestion> BudgetBook::question(const QString &id, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    advance(now);
    return questionOf(m_byId.value(id));
}

std::vector<GrantQuestion> BudgetBook::takeBusy(WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    advance(now);
    std::vector<GrantQuestion> questions;
    for (const Account &account : std::exchange(m_busy, {})) {
        account->isBusy = false;
        // One that was removed or replaced has no part in the grants any more.
        if (m_byId.value(account->budget.id) != account) {
            continue;
        }
        if (auto question = questionOf(account)) {
            questions.push_back(*std::move(question));
        } else {
            keepBusy(account);
        }
    }
    return questions;
}

void BudgetBook::putBack(const GrantQuestion &question)
{
    const std::scoped_lock lock(m_mutex);
    keepBusy(question.account);
}

std::optional<GrantQuestion> BudgetBook::questionOf(const Account &account) const
{
    if (!account || !account->isLoaded || !account->grant) {
        return std::nullopt;
    }
    account->window.advance(m_now);
    return GrantQuestion{{account->budget, account->window.begin()}, account};
}

void BudgetBook::see(const GrantQuestion &question, const ports::SpendingSoFar &before,
                     WallTime now)
{
    SpendWindow shown(question.budget, now);
    shown.add(before.spendings, now);
    const std::scoped_lock lock(m_mutex);
    shown.advance(advance(now));
    question.account->see(std::move(shown), before.applied);
    noteNews(*question.account);
}

ports::Grant BudgetBook::plan(const GrantQuestion &question, const ports::GrantPicture &seen,
                              Money asked, WallTime now)
{
    SpendWindow shown(question.budget,
                      now); // There may be a lot, which need not be under the lock.
    shown.add(seen.before.spendings, now);
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    shown.advance(now);
    BudgetAccount &account = *question.account;
    if (const Account current = m_byId.value(account.budget.id);
        current && current != question.account && current->isLoaded) {
        keepBusy(current);
        return current->heldInPlaceOf(account, now);
    }
    const ports::Grant grant = account.renew(std::move(shown), seen, asked, now);
    if (grant.amount > Money() || !account.grant->unseen().empty()) {
        keepBusy(question.account);
    }
    noteNews(account);
    return grant;
}

void BudgetBook::confirm(const GrantQuestion &question)
{
    const std::scoped_lock lock(m_mutex);
    question.account->grant->confirm();
}

void BudgetBook::trustGrantsUntil(WallTime end)
{
    const std::scoped_lock lock(m_mutex);
    m_trustedUntil = end;
}

void BudgetBook::revokeGrants()
{
    const std::scoped_lock lock(m_mutex);
    for (const auto &named : m_byScope) {
        for (const Accounts &accounts : named) {
            for (const Account &account : accounts) {
                if (account->grant) {
                    account->grant->revoke();
                }
            }
        }
    }
}

WallTime BudgetBook::time(WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    return advance(now);
}

WallTime BudgetBook::advance(WallTime now)
{
    return m_now = std::max(m_now, now);
}

} // namespace delta::limits

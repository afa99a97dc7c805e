#include "gateway/limits/budget_book.h"

#include "shared/models/tags.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace delta::limits {

namespace {

/// For how long a refusal tells of a budget that is used up.
constexpr std::chrono::minutes refusalMemory{1};

constexpr Money endless = Money::fromNanos(std::numeric_limits<std::int64_t>::max());

Money leftOf(std::optional<Money> limit, Money spent, Money reserved)
{
    return limit ? std::max(Money(), *limit - spent - reserved) : endless;
}

} // namespace

/// A budget with what is counted against it. Owned by the book, guarded by its lock; a hold keeps it
/// alive when it is removed meanwhile.
struct BudgetAccount {
    /// A settlement that the store may know of when it is asked, or may not.
    struct Settlement {
        std::uint64_t offset = 0;
        ports::Spending spending;
    };

    BudgetAccount(const Budget &its, WallTime now)
        : budget(its)
        , window(its, now)
    {
    }
    [[nodiscard]] bool limits() const
    {
        return isLoaded && budget.maxBudget;
    }
    [[nodiscard]] Money leftAt(WallTime now)
    {
        window.advance(now);
        return leftOf(budget.limitAt(now), window.spent(), *reserved);
    }
    [[nodiscard]] BudgetState stateAt(WallTime now)
    {
        window.advance(now);
        return {budget, window.spent(), *reserved, budget.limitAt(now), window.renewsAt()};
    }
    [[nodiscard]] ports::BudgetStanding standingAt(WallTime now)
    {
        window.advance(now);
        const bool hasWindow = budget.duration && budget.reset == BudgetReset::Calendar;
        return {budget,
                window.spent(),
                budget.limitAt(now),
                hasWindow ? std::optional(window.begin()) : std::nullopt,
                hasWindow ? window.renewsAt() : std::nullopt,
                refusedAt && now - *refusedAt <= refusalMemory};
    }
    void count(const Settlement &settlement)
    {
        if (!isLoaded) {
            waiting.push_back(settlement);
        } else if (settlement.offset >= loadedUpTo) {
            window.add(settlement.spending.amount, settlement.spending.at);
        }
    }
    void load(const ports::SpendingSoFar &before, WallTime now)
    {
        isLoaded = true;
        loadedUpTo = before.applied;
        window.add(before.spendings, now);
        for (const Settlement &settlement : std::exchange(waiting, {})) {
            count(settlement);
        }
    }

    Budget budget;
    SpendWindow window;
    /// Shared with the account that this one takes the place of, so that no hold is forgotten.
    std::shared_ptr<Money> reserved = std::make_shared<Money>();
    std::shared_ptr<BudgetAccount> predecessor; ///< Limits in its place until it is loaded.
    std::weak_ptr<BudgetAccount> successor;
    std::optional<WallTime> refusedAt; ///< When a call was last refused; absent: none was.
    bool isNews = false;               ///< Its id is among the book's news.
    bool isLoaded = false;
    std::uint64_t loadedUpTo = 0;    ///< What was settled before this is in what load() brought.
    std::vector<Settlement> waiting; ///< For load().
};

namespace {

/// No id holds a line break, so no two members have the same name.
QByteArray memberName(const QByteArray &team, const QByteArray &user)
{
    return team.isEmpty() || user.isEmpty() ? QByteArray() : team + '\n' + user;
}

QByteArray scopeName(const Budget &budget)
{
    return budget.scope == BudgetScope::TeamMember
        ? memberName(budget.scopeId.toUtf8(), budget.memberId.toUtf8())
        : budget.scopeId.toUtf8();
}

/// Returns what names the call's object of a scope, of which it has at most one.
QByteArray scopeName(const SpendEntry &call, BudgetScope scope)
{
    switch (scope) {
    case BudgetScope::Gateway:
        return {};
    case BudgetScope::Team:
        return call.teamId;
    case BudgetScope::TeamMember:
        return memberName(call.teamId, call.userId);
    case BudgetScope::User:
        return call.userId;
    case BudgetScope::Key:
        return call.keyId;
    case BudgetScope::EndUser:
        return call.endUser;
    case BudgetScope::Model:
        return call.model;
    case BudgetScope::Deployment:
        return call.deploymentId;
    case BudgetScope::Provider:
        return call.provider;
    case BudgetScope::Organization:
        return call.organizationId;
    case BudgetScope::Tag:
        break; // Of these it may have several.
    }
    Q_UNREACHABLE_RETURN({});
}

/// Returns what names the call's objects of a scope; nothing if it has none.
QByteArrayList scopeNames(const SpendEntry &call, BudgetScope scope)
{
    if (scope == BudgetScope::Tag) {
        return tagsOf(call.tags);
    }
    const QByteArray name = scopeName(call, scope);
    return name.isEmpty() && scope != BudgetScope::Gateway ? QByteArrayList()
                                                           : QByteArrayList{name};
}

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
        && a.timeZone == b.timeZone;
}

/// Returns the account that has taken the place of one that a hold was made in.
std::shared_ptr<BudgetAccount> newest(std::shared_ptr<BudgetAccount> account)
{
    for (auto next = account->successor.lock(); next && next->isLoaded;
         next = account->successor.lock()) {
        account = std::move(next);
    }
    return account;
}

} // namespace

Money BudgetState::left() const
{
    return leftOf(limit, spent, reserved);
}

BudgetHold::~BudgetHold()
{
    if (m_book) {
        m_book->release(*this);
    }
}

std::optional<WallTime> BudgetBook::put(const Budget &budget, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    Account &account = m_byId[budget.id];
    if (account && countTheSame(account->budget, budget)) {
        account->budget = budget;
    } else {
        account = replaced(account, std::make_shared<BudgetAccount>(budget, now));
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
        old->successor = account;
    }
    account->predecessor = old->isLoaded ? old : old->predecessor;
    if (!old->isLoaded) {
        if (old->predecessor) {
            old->predecessor->successor = old->successor;
        }
        unlist(*old);
    }
    return account;
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

std::expected<BudgetHold, BudgetState> BudgetBook::reserve(const SpendEntry &call, Money amount,
                                                           WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    BudgetHold hold;
    hold.m_at = advance(now);
    hold.m_accounts = accountsOf(call);
    // Who has no limit needs no reservation, and could not hold any number of them.
    std::erase_if(hold.m_accounts, [](const Account &account) { return !account->limits(); });
    if (auto tight = shortage(hold.m_accounts, amount)) {
        return std::unexpected(*std::move(tight));
    }
    for (const Account &account : hold.m_accounts) {
        *account->reserved += amount;
    }
    hold.m_amount = amount;
    hold.m_book = this;
    return hold;
}

std::expected<void, BudgetState> BudgetBook::extend(BudgetHold &hold, Money more, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    for (Account &account : hold.m_accounts) {
        account = newest(std::move(account));
    }
    if (auto tight = shortage(hold.m_accounts, more)) {
        return std::unexpected(*std::move(tight));
    }
    for (const Account &account : hold.m_accounts) {
        *account->reserved += more;
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
    for (const Account &account : accountsOf(call)) {
        account->count({offset, {hold.m_at, call.cost}});
        noteNews(*account);
    }
}

std::optional<BudgetState> BudgetBook::tightest(const SpendEntry &call, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    advance(now);
    return shortage(accountsOf(call), endless);
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

BudgetBook::Accounts BudgetBook::accountsOf(const SpendEntry &call) const
{
    Accounts found;
    for (std::size_t kind = 0; kind < scopeKinds; ++kind) {
        if (m_byScope.at(kind).isEmpty()) {
            continue;
        }
        for (const QByteArray &name : scopeNames(call, static_cast<BudgetScope>(kind))) {
            const auto listed = m_byScope.at(kind).find(name);
            if (listed != m_byScope.at(kind).end()) {
                found.insert(found.end(), listed->begin(), listed->end());
            }
        }
    }
    return found;
}

/// Returns the one with the least left, if that is less than the amount.
std::optional<BudgetState> BudgetBook::shortage(const Accounts &accounts, Money amount)
{
    Money least = amount;
    BudgetAccount *tight = nullptr;
    for (const Account &account : accounts) {
        // A hold stays in the budgets that it began with, also in one whose limit was taken away.
        if (!account->limits()) {
            continue;
        }
        if (const Money left = account->leftAt(m_now); left < least) {
            least = left;
            tight = account.get();
        }
    }
    return tight ? std::optional(tight->stateAt(m_now)) : std::nullopt;
}

WallTime BudgetBook::advance(WallTime now)
{
    return m_now = std::max(m_now, now);
}

} // namespace delta::limits

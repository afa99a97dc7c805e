#pragma once

#include "gateway/limits/budget_hold.h"
#include "gateway/limits/budget_state.h"
#include "gateway/ports/budget_grants.h"
#include "gateway/ports/budget_standing.h"
#include "gateway/ports/budget_store.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/models/budget.h"
#include "shared/models/spend_entry.h"

#include <QByteArray>
#include <QHash>
#include <QSet>
#include <QString>

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace delta::limits {

/// Who spends of the budgets of a book.
enum class Sharing {
    OneGateway,      ///< This gateway alone.
    SeveralGateways, ///< Others too, on the same database: only what it has granted may be reserved.
};

/// A budget of which the database that gateways share is to be asked.
struct GrantQuestion : ports::GrantQuestion {
    std::shared_ptr<BudgetAccount> account; ///< The book's own.
};

/// All budgets of this gateway, in memory. Spent and reserved together never exceed a limit, at any
/// moment and from any number of threads: a call reserves what it may cost at most, in all of its budgets
/// or in none. A call that turns out to cost more than it reserved is charged all the same; the budget
/// lets nothing through until that is made up for.
///
/// Where several gateways share the budgets, a call may also be refused for want of room: the shortage then
/// names the budgets for which the database has to be asked. GrantKeeper does that, with question(), plan()
/// and confirm().
///
/// A call counts at the moment when it reserved. `call` names the scopes by the fields of its SpendEntry;
/// an empty one is in no budget of that kind. Safe from any thread; each function takes one lock, for
/// well under a microsecond.
class BudgetBook
{
public:
    explicit BudgetBook(Sharing sharing = Sharing::OneGateway)
        : m_sharing(sharing)
    {
    }
    BudgetBook(const BudgetBook &) = delete;
    BudgetBook &operator=(const BudgetBook &) = delete;

    /// Adds a budget, or replaces the one with its id. If that counts the same calls over the same time,
    /// it goes on with what it has counted. Any other, also one that was reset since, first learns what was
    /// spent before: until load() it only counts, and what it takes the place of goes on to limit. What calls
    /// under way have reserved stays reserved. From now on calls reserve at its last reset or later.
    /// Returns from when on the store has to be asked for load(); nothing if that is not needed.
    std::optional<WallTime> put(const Budget &budget, WallTime now);
    /// Tells a budget what was spent so far, as the store knew it after put(): all settlements before its
    /// journal offset, whether or not they were counted here too. Unknown ids are ignored, and budgets
    /// that are loaded.
    void load(const QString &id, const ports::SpendingSoFar &before);
    void remove(const QString &id);

    /// Reserves an amount, not below zero, in every budget of the call that limits.
    /// Errors: the budget with the least left, if that is less than the amount. Nothing is reserved then.
    [[nodiscard]] std::expected<BudgetHold, BudgetShortage> reserve(const SpendEntry &call,
                                                                    Money amount, WallTime now);
    /// Reserves more for a call under way, in the budgets that it began with.
    /// Errors: as reserve(); the hold keeps what it had.
    [[nodiscard]] std::expected<void, BudgetShortage> extend(BudgetHold &hold, Money more,
                                                             WallTime now);
    /// Ends a call: gives back what it reserved, and counts its cost in all of its budgets, also those
    /// that were put here meanwhile. `hold` is what reserve() gave, also where no budget limits; `offset`
    /// is where the journal has the settlement.
    void settle(BudgetHold hold, const SpendEntry &call, std::uint64_t offset);

    /// Returns the budget of the call that has the least left; nothing if none has a limit.
    [[nodiscard]] std::optional<BudgetState> tightest(const BudgetHold &hold);
    /// Returns how a budget stands; nothing if there is none with that id.
    [[nodiscard]] std::optional<BudgetState> state(const QString &id, WallTime now);
    /// Returns how all budgets stand, in no order.
    [[nodiscard]] std::vector<BudgetState> states(WallTime now);
    /// Notes that a call was refused because a budget could not pay for it. Ignored for unknown ids.
    void noteRefusal(const QString &id, WallTime now);
    /// Returns how those budgets stand that counted a call, refused one or were changed since the last
    /// news(), in no order; those that wait for load() come after it.
    [[nodiscard]] std::vector<ports::BudgetStanding> news(WallTime now);

    /// Returns what the database of several gateways is to be asked for a budget; nothing if there is none
    /// with that id, if it waits for load(), or if this gateway is alone.
    [[nodiscard]] std::optional<GrantQuestion> question(const QString &id, WallTime now);
    /// Returns that for all budgets that were used, or refused a call, since they were last asked for, or of which this gateway
    /// holds something, each once.
    [[nodiscard]] std::vector<GrantQuestion> takeBusy(WallTime now);
    /// Has the next takeBusy() return this one again.
    void putBack(const GrantQuestion &question);
    /// Takes over what the database shows as spent of a budget, so that what other gateways spent is known.
    void see(const GrantQuestion &question, const ports::SpendingSoFar &before, WallTime now);
    /// Takes over what the database shows of a budget, and returns what this gateway is to hold of it: what it
    /// needs, what it was asked for beyond that, and some more while it is used, as far as others leave it.
    /// Until confirm() only that much may be reserved which both the old grant and this one allow. Where another
    /// budget has taken the place of that one since, as after a reset, it holds what is needed and no more.
    [[nodiscard]] ports::Grant plan(const GrantQuestion &question, const ports::GrantPicture &seen,
                                    Money asked, WallTime now);
    /// Says that the database has what plan() returned last.
    void confirm(const GrantQuestion &question);
    /// Has nothing that this gateway holds be used from a moment on, in the book's time, until it is told another
    /// one. What calls under way have reserved stays theirs. At first there is no such moment.
    void trustGrantsUntil(WallTime end);
    /// Ends all that this gateway holds: the database is to be asked again first.
    void revokeGrants();
    /// Returns the book's time, which never goes back.
    [[nodiscard]] WallTime time(WallTime now);

private:
    friend class BudgetHold;
    using Account = std::shared_ptr<BudgetAccount>;
    using Accounts = std::vector<Account>;

    static constexpr std::size_t scopeKinds = std::tuple_size_v<decltype(enumNames(BudgetScope()))>;

    Account replaced(const Account &old, Account account);
    [[nodiscard]] Account newest(const Account &account) const;
    void release(BudgetHold &hold);
    void giveBack(BudgetHold &hold);
    void unlist(const BudgetAccount &account);
    template <typename Visit>
    void eachAccountOf(const SpendEntry &call, const Visit &visit) const;
    [[nodiscard]] std::optional<BudgetShortage> shortage(const Accounts &accounts, Money amount);
    [[nodiscard]] BudgetAccount *tightest(const Accounts &accounts, Money amount,
                                          Money (BudgetAccount::*measure)(WallTime));
    [[nodiscard]] std::optional<GrantQuestion> questionOf(const Account &account) const;
    void noteUse(const Account &account);
    void keepBusy(const Account &account);
    WallTime advance(WallTime now);
    void noteNews(BudgetAccount &account);

    const Sharing m_sharing;
    mutable std::mutex m_mutex;
    QHash<QString, Account> m_byId;
    /// By scope and by what names its object; a kind without budgets costs nothing.
    std::array<QHash<QByteArray, Accounts>, scopeKinds> m_byScope;
    QSet<QString> m_news; ///< Ids, for news().
    Accounts m_busy;      ///< For takeBusy(); none while this gateway is alone.
    WallTime m_now{};     ///< Never goes back.
    WallTime m_trustedUntil = WallTime::max(); ///< Of all grants.
};

} // namespace delta::limits

#pragma once

#include "gateway/limits/budget_book.h"
#include "gateway/limits/presence.h"
#include "gateway/ports/budget_grants.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"

#include <QString>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace delta::limits {

/// Asks the database of several gateways for what this one may spend of their budgets: at once when a call
/// lacks room, and every second for those that are in use, so that others get what is not needed here.
class GrantKeeper
{
public:
    struct Parts {
        ports::BudgetGrants &grants; ///< Used by posted work only.
        BudgetBook &book;
        Presence &presence; ///< Of the same database and thread.
        const Clock &clock;
        /// Runs work on the thread that owns the grants, one after another.
        std::function<void(std::function<void()>)> post;
    };
    /// Hears whether the database answered. Called on the thread of the grants.
    using Answer = std::function<void(const Result<void> &)>;

    explicit GrantKeeper(Parts parts)
        : m_parts(std::move(parts))
    {
    }

    /// Asks for so much more of each of the budgets, and answers once when it has been asked for all of them;
    /// whether it gave that much shows when it is reserved. What others ask for meanwhile is asked for
    /// together. Returns at once. Safe from any thread.
    void ask(const std::vector<QString> &ids, Money amount, Answer answer);
    /// Has the budgets in use renewed, if the last time was a second ago. Returns at once. Called on one
    /// thread.
    void tend();

private:
    struct Waiter {
        Answer answer;
        std::size_t open = 0; ///< Budgets that it waits for.
        Result<void> outcome;
    };
    struct Asked {
        Money amount;
        std::vector<std::shared_ptr<Waiter>> waiters;
        bool isDecided = false; ///< Who comes later has to be asked for once more.
    };

    void serve();
    void renewBusy();
    [[nodiscard]] Result<void> renew(const GrantQuestion &question, Asked &asked);
    [[nodiscard]] std::optional<QString> nextAsked();
    void take(const QString &id, Asked &asked);
    static void answer(const Asked &asked, const Result<void> &outcome);

    Parts m_parts;
    std::mutex m_mutex;
    std::map<QString, Asked> m_asked;     ///< By budget; guarded.
    bool m_isServing = false;             ///< Work for it is posted; guarded.
    bool m_isRenewing = false;            ///< Likewise.
    std::optional<SteadyTime> m_tendedAt; ///< Of tend().
    std::map<QString, SteadyTime>
        m_restingUntil; ///< Budgets that take long to ask for; of posted work.
};

} // namespace delta::limits

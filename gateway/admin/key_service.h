#pragma once

#include "gateway/admin/budget_service.h"
#include "gateway/admin/rate_limit_service.h"
#include "gateway/auth/key_directory.h"
#include "gateway/auth/pepper.h"
#include "gateway/ports/key_store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/secret.h"
#include "shared/models/budget.h"

#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace delta::admin {

/// A key that was just made; its secret exists only here.
struct CreatedKey {
    VirtualKey key;
    Secret secret;
    std::optional<limits::BudgetState> budget; ///< Absent: it may spend what others let it.
    std::vector<RateLimit> limits;             ///< Beside those that are part of it.
};

/// Makes, finds and revokes virtual keys, for the HTTP API and the command line alike.
/// Blocks on the store: called on the thread that owns it.
class KeyService
{
public:
    struct Parts {
        ports::KeyStore &store;
        const auth::Pepper &pepper;
        const Clock &clock;
        Random &random;
        /// Told of changes at once; null on the command line.
        auth::KeyDirectory *directory = nullptr;
        /// Keeps the budgets of keys; null: a key that is to have one is refused.
        BudgetService *budgets = nullptr;
        /// Keeps their limits for single models; null likewise.
        RateLimitService *limits = nullptr;
    };

    explicit KeyService(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// Makes a key from what the wish says of alias, owner, models, expiry and blocking. `budget`
    /// is what it may spend, whatever id and scope it names; absent: the key has no budget of its
    /// own. `limits` are those of single models, whoever they name. All is made or nothing, and budget
    /// and limits hold before the key works.
    /// Errors: InvalidRequest naming the field; StoreUnavailable.
    [[nodiscard]] Result<CreatedKey> create(VirtualKey wish,
                                            std::optional<Budget> budget = std::nullopt,
                                            std::vector<RateLimit> limits = {});
    /// Finds a key by its id, its alias or its whole text. Errors: StoreUnavailable.
    [[nodiscard]] Result<std::optional<VirtualKey>> find(const QString &name);
    /// Returns how the budget stands that was made with a key; nothing if none was.
    /// Errors: StoreUnavailable.
    [[nodiscard]] Result<std::optional<limits::BudgetState>> budgetOf(const QString &keyId);
    /// Has all budgets of a key begin anew, see BudgetService::resetOfKey(). Errors: as that.
    [[nodiscard]] Result<std::vector<BudgetRestart>> resetBudgets(const QString &keyId,
                                                                  const QString &by);
    /// Returns the rate limits of a key that are not part of it. Errors: StoreUnavailable.
    [[nodiscard]] Result<std::vector<RateLimit>> limitsOf(const QString &keyId);
    /// Removes a key, named likewise, for good, and its budgets and limits with it. Returns whether
    /// there was one. Errors: StoreUnavailable; where that is about a budget or a limit, the key is
    /// gone.
    [[nodiscard]] Result<bool> revoke(const QString &name);
    /// Says whether there is a key at all, for as little as that costs. Errors: StoreUnavailable.
    [[nodiscard]] Result<bool> hasAny()
    {
        return m_parts.store.hasKeys();
    }
    /// Returns all keys, newest first.
    [[nodiscard]] Result<std::vector<VirtualKey>> list();

private:
    [[nodiscard]] Result<std::optional<limits::BudgetState>> makeBudget(
        const QString &keyId, std::optional<Budget> budget);
    [[nodiscard]] Result<void> makeLimits(const QString &keyId, std::vector<RateLimit> &limits);
    void takeBack(const QString &keyId);

    Parts m_parts;
};

} // namespace delta::admin

#include "gateway/admin/budget_service.h"

#include "gateway/admin/scope_names.h"
#include "gateway/limits/spend_window.h"
#include "shared/json/json_codec.h"
#include "shared/models/configured_budget.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace delta::admin {

using namespace Qt::StringLiterals;
using limits::BudgetState;

namespace {

constexpr qsizetype longestId = 64;
constexpr qsizetype longestReason = 500;
constexpr qsizetype randomLength = 12; ///< 71 bits.

bool isIdCharacter(QChar character)
{
    return (character >= u'0' && character <= u'9') || (character >= u'A' && character <= u'Z')
        || (character >= u'a' && character <= u'z') || character == u'-' || character == u'_'
        || character == u'.';
}

/// It is shown on one line.
Result<void> checkReason(const QString &reason)
{
    const bool isPrintable = std::ranges::all_of(
        reason, [](QChar character) { return character.isPrint() || character.isSurrogate(); });
    if (reason.size() > longestReason || !isPrintable) {
        return failure(ApiError::invalidRequest(
            u"'reason' must be at most %1 printable characters."_s.arg(longestReason),
            u"reason"_s));
    }
    return {};
}

Result<void> check(const Budget &budget)
{
    TRY_VOID(checkBudgetNames(budget));
    return budget.validate();
}

Result<void> refuseConfigured(const QString &id)
{
    if (isConfiguredBudget(id)) {
        return failure(ApiError::invalidRequest(u"Budgets whose id begins with '%1' are set by the "
                                                u"configuration file, and can be changed "
                                                "only there."_s.arg(configuredBudgetPrefix),
                                                u"budget_id"_s));
    }
    return {};
}

} // namespace

Result<void> checkBudgetId(const QString &id)
{
    if (id.isEmpty() || id.size() > longestId || !std::ranges::all_of(id, isIdCharacter)) {
        return failure(ApiError::invalidRequest(
            u"'budget_id' must have 1 to %1 letters, digits, '-', '_' or '.'."_s.arg(longestId),
            u"budget_id"_s));
    }
    return {};
}

Result<BudgetState> BudgetService::create(Budget wish)
{
    TRY_VOID(refuseConfigured(wish.id));
    if (wish.id.isEmpty()) {
        wish.id = u"b-"_s + QString::fromLatin1(randomText(m_parts.random, randomLength));
    }
    TRY_VOID(checkBudgetId(wish.id));
    TRY_VOID(check(wish));
    TRY_VOID(m_parts.store.insertBudget(wish));
    auto state = refresh().and_then([&] { return stateOf(wish); });
    if (!state) {
        // Whoever was told that there is none would find its id taken.
        std::ignore = remove(wish.id);
    }
    return state;
}

Result<BudgetState> BudgetService::set(const Budget &wish)
{
    TRY(std::optional<BudgetState> replaced, replace(wish));
    if (replaced) {
        return *std::move(replaced);
    }
    return create(wish);
}

Result<std::optional<BudgetState>> BudgetService::replace(const Budget &budget)
{
    TRY_VOID(refuseConfigured(budget.id));
    TRY_VOID(check(budget));
    TRY(const bool wasThere, m_parts.store.updateBudget(budget));
    if (!wasThere) {
        return std::nullopt;
    }
    TRY_VOID(refresh());
    TRY(BudgetState state, stateOf(budget));
    return state;
}

Result<std::optional<BudgetState>> BudgetService::update(const QString &id,
                                                         const QJsonObject &patch)
{
    TRY_VOID(refuseConfigured(id));
    TRY(std::optional<Budget> budget, stored(id));
    if (!budget) {
        return std::nullopt;
    }
    if (patch.value("scope"_L1).isNull()) {
        return failure(ApiError::invalidRequest(u"'scope' must not be null."_s, u"scope"_s));
    }
    TRY_VOID(applyPatch(patch, *budget));
    return replace(*budget);
}

Result<std::optional<BudgetState>> BudgetService::find(const QString &id)
{
    if (auto state = inBook(id)) {
        return state;
    }
    // Another process may have made it just now.
    TRY(const std::optional<Budget> budget, stored(id));
    if (!budget) {
        return std::nullopt;
    }
    TRY(BudgetState state, readState(*budget));
    return state;
}

Result<BudgetState> BudgetService::standing(const Budget &budget)
{
    if (m_parts.book) {
        // One that was changed a moment ago is not known here yet.
        auto state = m_parts.book->state(budget.id, m_parts.clock.wall());
        if (state && state->budget == budget) {
            return *std::move(state);
        }
    }
    return readState(budget);
}

Result<std::vector<BudgetState>> BudgetService::list()
{
    std::vector<BudgetState> states;
    if (m_parts.book) {
        states = m_parts.book->states(m_parts.clock.wall());
    } else {
        TRY(const std::vector<Budget> budgets, m_parts.store.loadBudgets());
        for (const Budget &budget : budgets) {
            TRY(BudgetState state, readState(budget));
            states.push_back(std::move(state));
        }
    }
    std::ranges::sort(states, [](const BudgetState &a, const BudgetState &b) {
        return a.budget.id < b.budget.id;
    });
    return states;
}

Result<QStringList> BudgetService::adopt(const std::vector<Budget> &ofFile)
{
    QStringList changed;
    TRY(const std::vector<Budget> before, m_parts.store.loadBudgets());
    for (const Budget &budget : before) {
        const bool isKept = std::ranges::contains(ofFile, budget.id, &Budget::id);
        if (isConfiguredBudget(budget.id) && !isKept) {
            TRY([[maybe_unused]] const bool wasThere, m_parts.store.removeBudget(budget.id));
            changed.append(budget.id);
        }
    }
    for (const Budget &budget : ofFile) {
        const auto old = std::ranges::find(before, budget.id, &Budget::id);
        if (old == before.end()) {
            TRY_VOID(m_parts.store.insertBudget(budget));
            continue;
        }
        Budget wanted = *old; // What a file cannot say stays as it is.
        wanted.maxBudget = budget.maxBudget;
        wanted.duration = budget.duration;
        if (wanted != *old) {
            TRY([[maybe_unused]] const bool wasThere, m_parts.store.updateBudget(wanted));
            changed.append(budget.id);
        }
    }
    return changed;
}

Result<bool> BudgetService::remove(const QString &id)
{
    TRY_VOID(refuseConfigured(id));
    TRY(const bool wasThere, m_parts.store.removeBudget(id));
    if (wasThere) {
        // It is gone. A book that cannot follow now does so soon, and until then holds back too
        // much and never too little.
        std::ignore = refresh();
    }
    return wasThere;
}

Result<void> BudgetService::removeOfKey(const QString &keyId)
{
    TRY(const std::vector<Budget> budgets, m_parts.store.loadBudgets());
    for (const Budget &budget : budgets) {
        if (budget.scope == BudgetScope::Key && budget.scopeId == keyId) {
            TRY_VOID(remove(budget.id));
        }
    }
    return {};
}

Result<std::optional<BudgetRestart>> BudgetService::reset(const QString &id, const QString &by,
                                                          const QString &reason)
{
    TRY_VOID(checkReason(reason));
    if (m_parts.loader) {
        TRY_VOID(m_parts.loader->flush()); // So that the record knows all that is settled.
    }
    const WallTime now = m_parts.clock.wall();
    // With the next millisecond: all that was reserved in this one counts before it.
    const WallTime at = (m_parts.book ? m_parts.book->time(now) : now)
        + std::chrono::milliseconds(1);
    TRY(std::optional<ports::ResetRecord> record, m_parts.store.resetBudget({id, at, by, reason}));
    if (!record) {
        return std::nullopt;
    }
    TRY_VOID(refresh());
    TRY(std::optional<BudgetState> state, find(id));
    if (!state) {
        return std::nullopt; // Another process has removed it since.
    }
    return BudgetRestart{*std::move(state), *std::move(record)};
}

Result<std::vector<BudgetRestart>> BudgetService::resetOfKey(const QString &keyId,
                                                             const QString &by)
{
    TRY(const std::vector<Budget> budgets, m_parts.store.loadBudgets());
    std::vector<BudgetRestart> restarts;
    for (const Budget &budget : budgets) {
        if (budget.scope == BudgetScope::Key && budget.scopeId == keyId) {
            TRY(std::optional<BudgetRestart> restart, reset(budget.id, by));
            if (restart) {
                restarts.push_back(*std::move(restart));
            }
        }
    }
    return restarts;
}

Result<std::vector<ports::ResetRecord>> BudgetService::resets(const QString &id)
{
    return m_parts.store.resetsOf(id);
}

Result<void> BudgetService::refresh()
{
    return m_parts.loader ? m_parts.loader->refresh() : Result<void>();
}

Result<std::optional<Budget>> BudgetService::stored(const QString &id)
{
    TRY(std::vector<Budget> budgets, m_parts.store.loadBudgets());
    const auto found = std::ranges::find_if(
        budgets, [&id](const Budget &budget) { return budget.id == id; });
    return found == budgets.end() ? std::nullopt : std::optional(std::move(*found));
}

std::optional<BudgetState> BudgetService::inBook(const QString &id)
{
    if (!m_parts.book) {
        return std::nullopt;
    }
    const WallTime now = m_parts.clock.wall();
    if (const auto question = m_parts.book->question(id, now)) {
        // A store that does not answer leaves it at what was seen last.
        if (const auto soFar = m_parts.store.spendingOf(question->budget, question->since)) {
            m_parts.book->see(*question, *soFar, now);
        }
    }
    return m_parts.book->state(id, now);
}

/// Another process may have removed the budget again; then the book does not have it.
Result<BudgetState> BudgetService::stateOf(const Budget &budget)
{
    if (auto state = inBook(budget.id)) {
        return *std::move(state);
    }
    // Who replaces a budget does not say when it was last reset.
    TRY(const std::optional<Budget> known, stored(budget.id));
    return readState(known.value_or(budget));
}

Result<BudgetState> BudgetService::readState(const Budget &budget)
{
    const WallTime now = m_parts.clock.wall();
    limits::SpendWindow window(budget, now);
    TRY(const ports::SpendingSoFar soFar, m_parts.store.spendingOf(budget, window.begin()));
    window.add(soFar.spendings, now);
    return BudgetState{budget, window.spent(), Money(), budget.limitAt(now), window.renewsAt()};
}

} // namespace delta::admin

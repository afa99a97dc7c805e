#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"

#include <memory>
#include <utility>
#include <vector>

namespace delta::limits {

class BudgetBook;
struct BudgetAccount;

/// What a call under way has reserved in its budgets. Made by BudgetBook::reserve(), used up by
/// BudgetBook::settle(); one that dies before gives the money back. May move between threads. The book
/// must outlive it.
class BudgetHold
{
public:
    BudgetHold() = default;
    BudgetHold(BudgetHold &&other) noexcept
        : m_book(std::exchange(other.m_book, nullptr))
        , m_accounts(std::move(other.m_accounts))
        , m_amount(other.m_amount)
        , m_at(other.m_at)
    {
    }
    BudgetHold &operator=(BudgetHold &&other) noexcept
    {
        std::swap(m_book, other.m_book);
        std::swap(m_accounts, other.m_accounts);
        std::swap(m_amount, other.m_amount);
        std::swap(m_at, other.m_at);
        return *this;
    }
    BudgetHold(const BudgetHold &) = delete;
    BudgetHold &operator=(const BudgetHold &) = delete;
    ~BudgetHold();

    /// Returns what is reserved, in each of the budgets.
    [[nodiscard]] Money amount() const
    {
        return m_amount;
    }
    /// Returns when it was reserved, which is when the call counts. Never before that of an earlier hold.
    [[nodiscard]] WallTime at() const
    {
        return m_at;
    }
    /// Says whether any budget limits the call; if not, no reservation can be too small.
    [[nodiscard]] bool isLimited() const
    {
        return !m_accounts.empty();
    }

private:
    friend class BudgetBook;

    BudgetBook *m_book = nullptr; ///< Null: nothing is held.
    std::vector<std::shared_ptr<BudgetAccount>> m_accounts;
    Money m_amount;
    WallTime m_at{};
};

} // namespace delta::limits

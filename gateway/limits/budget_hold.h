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
        , m_isMoved(other.m_isMoved)
    {
    }
    BudgetHold &operator=(BudgetHold &&other) noexcept
    {
        std::swap(m_book, other.m_book);
        std::swap(m_accounts, other.m_accounts);
        std::swap(m_amount, other.m_amount);
        std::swap(m_at, other.m_at);
        std::swap(m_isMoved, other.m_isMoved);
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
    /// Returns when the call counts, by the book's time: when it was reserved, or extended into a window
    /// that did not hold that moment any more.
    [[nodiscard]] WallTime at() const
    {
        return m_at;
    }
    /// Says whether an extension moved that.
    [[nodiscard]] bool isMoved() const
    {
        return m_isMoved;
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
    bool m_isMoved = false;
};

} // namespace delta::limits

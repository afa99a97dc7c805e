#pragma once

#include <QtTypes>

#include <cstdint>
#include <utility>

namespace delta::ledger {

class Ledger;

/// The right and the duty to settle one open call. Made by Ledger::open(), used up by
/// Ledger::settle().
/// A hold that dies unsettled is a bug of its owner; the ledger then settles the call itself, as
/// failed with its estimate, and counts it in LedgerStatus::abandonedCalls. May move between
/// threads. The ledger must outlive it.
class LedgerHold
{
public:
    LedgerHold(LedgerHold &&other) noexcept
        : m_ledger(std::exchange(other.m_ledger, nullptr))
        , m_offset(other.m_offset)
        , m_promise(other.m_promise)
    {
    }
    LedgerHold &operator=(LedgerHold &&other) noexcept
    {
        std::swap(m_ledger, other.m_ledger);
        std::swap(m_offset, other.m_offset);
        std::swap(m_promise, other.m_promise);
        return *this;
    }
    LedgerHold(const LedgerHold &) = delete;
    LedgerHold &operator=(const LedgerHold &) = delete;
    ~LedgerHold();

    /// Returns the place of the call's Open record, for Ledger::whenDurable().
    [[nodiscard]] std::uint64_t offset() const
    {
        return m_offset;
    }

private:
    friend class Ledger;
    LedgerHold(Ledger &ledger, std::uint64_t offset, qsizetype promise)
        : m_ledger(&ledger)
        , m_offset(offset)
        , m_promise(promise)
    {
    }

    Ledger *m_ledger; ///< Null once settled or moved from.
    std::uint64_t m_offset;
    qsizetype m_promise; ///< Room in the journal that is kept for the settlement.
};

} // namespace delta::ledger

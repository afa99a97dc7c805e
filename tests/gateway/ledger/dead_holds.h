#pragma once

#include "gateway/ledger/ledger_hold.h"

#include <list>
#include <utility>

namespace delta::test {

/// Keeps the holds of a process that was killed: it ran no destructor, so neither do these.
class DeadHolds
{
public:
    void add(ledger::LedgerHold hold)
    {
        m_holds.emplace_back(std::move(hold));
    }

private:
    union Dead {
        explicit Dead(ledger::LedgerHold killed)
            : hold(std::move(killed))
        {
        }
        ~Dead()
        {
        }
        ledger::LedgerHold hold;
    };

    std::list<Dead> m_holds;
};

} // namespace delta::test

#include "gateway/ledger/ledger_hold.h"

#include "gateway/ledger/ledger.h"

namespace delta::ledger {

LedgerHold::~LedgerHold()
{
    if (m_ledger) {
        m_ledger->abandon(*this);
    }
}

} // namespace delta::ledger

#include "gateway/ledger/log.h"

namespace delta::ledger {

Q_LOGGING_CATEGORY(lcLedger, "delta.ledger")

} // namespace delta::ledger

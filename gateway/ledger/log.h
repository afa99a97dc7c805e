#pragma once

#include <QLoggingCategory>

namespace delta::ledger {

Q_DECLARE_LOGGING_CATEGORY(lcLedger)

} // namespace delta::ledger

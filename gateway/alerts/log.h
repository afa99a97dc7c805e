#pragma once

#include <QLoggingCategory>

namespace delta::alerts {

Q_DECLARE_LOGGING_CATEGORY(lcAlerts)

} // namespace delta::alerts

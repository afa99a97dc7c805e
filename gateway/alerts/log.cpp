#include "gateway/alerts/log.h"

namespace delta::alerts {

Q_LOGGING_CATEGORY(lcAlerts, "delta.alerts")

} // namespace delta::alerts

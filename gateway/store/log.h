#pragma once

#include <QLoggingCategory>

namespace delta::store {

Q_DECLARE_LOGGING_CATEGORY(lcStore)

} // namespace delta::store

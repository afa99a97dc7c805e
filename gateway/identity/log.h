#pragma once

#include <QLoggingCategory>

namespace delta::identity {

Q_DECLARE_LOGGING_CATEGORY(lcIdentity)

} // namespace delta::identity

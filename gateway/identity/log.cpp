#include "gateway/identity/log.h"

namespace delta::identity {

Q_LOGGING_CATEGORY(lcIdentity, "delta.identity")

} // namespace delta::identity

#include "gateway/store/log.h"

namespace delta::store {

Q_LOGGING_CATEGORY(lcStore, "delta.store")

} // namespace delta::store

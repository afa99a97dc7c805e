#pragma once

#include "gateway/config/config_draft.h"
#include "gateway/config/value.h"

namespace delta::config {

/// Reports settings that are right one by one and wrong together. `root` is the whole file.
void checkTogether(const Value &root, ConfigDraft &draft);

} // namespace delta::config

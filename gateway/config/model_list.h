#pragma once

#include "gateway/config/config_draft.h"
#include "gateway/config/read_value.h"

namespace delta::config {

/// Reads `model_list` into the endpoints of the draft, whose other sections must have been read.
void readModelList(const Value &list, const Limits &limits, ConfigDraft &draft);

} // namespace delta::config

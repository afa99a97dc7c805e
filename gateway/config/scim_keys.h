#pragma once

#include "gateway/config/config_draft.h"
#include "gateway/config/key_tables.h"

#include <array>

namespace delta::config {

/// Takes one secret or a list of two, of 32 characters at least.
void readScimTokens(const Value &value, const Limits &limits, ConfigDraft &draft);

/// Who provisions users, in general_settings.
inline constexpr std::array scimKeys{
    Key<ConfigDraft>{.name = QLatin1StringView("scim_tokens"),
                     .meaning = QLatin1StringView(
                         "What a directory provisions users with (SCIM); two, to change one."),
                     .type = QLatin1StringView("list of secrets"),
                     .read = readScimTokens},
};

} // namespace delta::config

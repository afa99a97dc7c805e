#pragma once

#include "gateway/config/config_draft.h"
#include "gateway/config/key_tables.h"
#include "gateway/content/content_settings.h"

#include <array>

namespace delta::config {

/// Whose prompts and answers are kept, and for how long, in general_settings.
inline constexpr std::array contentKeys{
    setting<&Config::content, &content::ContentSettings::store>(
        QLatin1StringView("store_content"),
        QLatin1StringView("Whose prompts and answers are kept, redacted: nobody's, those of "
                          "organisations and keys that say so, or all but of those that say no.")),
    setting<&Config::content, &content::ContentSettings::keptFor>(
        QLatin1StringView("store_content_retention"),
        QLatin1StringView("For how long they are kept, but no longer than their calls."),
        {60'000, 36'500 * oneDay}),
    // Both have room in what can be sealed at once.
    setting<&Config::content, &content::ContentSettings::maxBytes>(
        QLatin1StringView("store_content_max_bytes"),
        QLatin1StringView("Of a prompt and of an answer each; what is longer is cut off."),
        {1'024, 448LL << 10}),
    setting<&Config::content, &content::ContentSettings::maxMemory>(
        QLatin1StringView("store_content_max_memory"),
        QLatin1StringView("Of all that is on its way to the store; calls beyond are not kept."),
        {1LL << 20, 4LL << 30}),
};

} // namespace delta::config

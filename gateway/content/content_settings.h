#pragma once

#include <QtTypes>

#include <chrono>
#include <optional>

namespace delta::content {

/// Whose prompts and answers are kept.
enum class StoreContent {
    Never,     ///< Nobody's, whatever organisations and keys say.
    WhenAsked, ///< Those of organisations and keys that say so.
    Always,    ///< Everybody's, but for organisations and keys that say no.
};

/// How what was asked and answered is kept: `general_settings.store_content` and its neighbours.
struct ContentSettings {
    StoreContent store = StoreContent::WhenAsked;
    /// Of the request and of the answer each, after redaction; what is longer is cut off.
    qsizetype maxBytes = 256LL * 1024;
    /// Of all that is on its way to the store; calls beyond it are not kept.
    qsizetype maxMemory = 64LL * 1024 * 1024;
    std::chrono::milliseconds keptFor = std::chrono::days(30);

    bool operator==(const ContentSettings &) const = default;

    /// Says whether the content of a call is kept. `wish` is what its key and organisation say, see
    /// auth::Principal::storesContent.
    [[nodiscard]] bool keeps(std::optional<bool> wish) const
    {
        return store != StoreContent::Never && wish.value_or(store == StoreContent::Always);
    }
};

} // namespace delta::content

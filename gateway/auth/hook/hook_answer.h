#pragma once

#include "gateway/auth/key_facts.h"

#include <QByteArrayView>
#include <QString>

#include <chrono>
#include <expected>
#include <memory>
#include <optional>

namespace delta::auth {

/// What the hook says of a credential.
struct HookAnswer {
    /// Whose it is, as of a virtual key with the id `custom:` and the user's id, which has no limits of its own; null:
    /// nobody's, and it is refused.
    std::shared_ptr<const KeyFacts> facts;
    std::optional<std::chrono::seconds>
        goodFor; ///< How long that holds at most; absent: as configured.
};

/// The most bytes that an answer has.
inline constexpr qsizetype longestHookAnswer = 65'536;

/// Reads an answer, strictly: one JSON object with `allow`, and if that is true `user_id`, of which the rest may be
/// absent or null: `team_id`, `organization_id`, `models` (public names; absent: all), `tags`, `expires_in` (seconds).
/// Any other member is an error, because a misspelt limit must not be none.
/// Errors: what is wrong, for the log.
[[nodiscard]] std::expected<HookAnswer, QString> readHookAnswer(QByteArrayView text);

} // namespace delta::auth

#pragma once

#include "shared/core/api_error.h"

#include <QString>

namespace delta::auth {

/// Makes the error for a token that is not accepted: 401 with the code `invalid_token`. `message`
/// says no more than the sender may know; `detail` is for the log.
[[nodiscard]] ApiError invalidToken(const QString &message, const QString &detail);
/// Makes the error for a token that was good: 401 with the code `expired_token`.
[[nodiscard]] ApiError tokenExpired();
/// Makes the error while nobody can say which tokens are good: 503 with the code
/// `identity_unavailable`.
[[nodiscard]] ApiError identityUnavailable();

} // namespace delta::auth

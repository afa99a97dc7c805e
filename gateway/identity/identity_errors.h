#pragma once

#include "shared/core/api_error.h"

#include <QString>

namespace delta::identity {

/// There is no session, or it is over: code `login_required`.
[[nodiscard]] ApiError loginRequired();
/// Somebody is not who they say; nothing tells what was wrong: code `invalid_credentials`.
[[nodiscard]] ApiError wrongCredentials();
/// A password or a code has to be given again: code `step_up_required`.
[[nodiscard]] ApiError stepUpRequired();
/// The page did not show that it can read what the session was told: code `csrf_token_invalid`.
[[nodiscard]] ApiError wrongCsrfToken();
/// A link is not known, was used or has expired: code `link_invalid`.
[[nodiscard]] ApiError deadLink();

} // namespace delta::identity

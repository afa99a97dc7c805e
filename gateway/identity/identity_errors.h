#pragma once

#include "shared/core/api_error.h"

#include <QString>

namespace delta::identity {

/// Somebody is not who they say; nothing tells what was wrong: code `invalid_credentials`.
[[nodiscard]] ApiError wrongCredentials();
/// The page did not show that it can read what the session was told: code `csrf_token_invalid`.
[[nodiscard]] ApiError wrongCsrfToken();
/// A link is not known, was used or has expired: code `link_invalid`.
[[nodiscard]] ApiError deadLink();

} // namespace delta::identity

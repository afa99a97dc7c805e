#pragma once

#include "gateway/auth/hook/hook_authenticator.h"
#include "gateway/auth/hook/hook_settings.h"

namespace delta::app {

/// Returns what asks the hook of a configuration about a credential: by POST of a JSON object with the member
/// `credential`. What it says counts with the status 200 only; a redirect is not followed.
[[nodiscard]] auth::HookAuthenticator::Ask hookAsker(const auth::HookSettings &settings);

} // namespace delta::app

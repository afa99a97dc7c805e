#pragma once

#include "gateway/admin/key_service.h"
#include "gateway/app/state_folder.h"
#include "gateway/auth/pepper.h"
#include "shared/core/random.h"
#include "shared/core/secret.h"

#include <QByteArray>

#include <optional>

namespace delta::app {

/// What a state folder is given when it is new. The secrets are shown to the operator once; what
/// stays are their traces, from which they cannot be told.
struct FirstSecrets {
    Secret masterKey;     ///< Empty: there is one already, here or in the configuration.
    Secret adminPassword; ///< Of the account "admin" in the consoles; empty: it has one already.
    Secret virtualKey;    ///< A first key that may call every model; empty: there are keys.
};

/// Whether the configuration brings a master key of its own.
enum class ConfiguredMaster { Yes, No };

/// Makes those first secrets that a state folder does not have yet: all of them for a new one, and
/// a new master key or password where the trace of the old one was removed. What a run began and did
/// not finish is made anew, because nobody has seen it. Returns nothing if none was missing.
/// Errors: StoreUnavailable.
[[nodiscard]] Result<std::optional<FirstSecrets>> makeFirstSecrets(const StateFolder &folder,
                                                                   admin::KeyService &keys,
                                                                   const auth::Pepper &pepper,
                                                                   Random &random,
                                                                   ConfiguredMaster master);

/// Returns the MAC of the master key that the folder's first run made; nothing if it made none.
[[nodiscard]] Result<std::optional<auth::KeyMac>> readMasterMac(const StateFolder &folder);

/// Returns the hash of the password that the folder's first run made; nothing if it made none.
[[nodiscard]] Result<std::optional<QByteArray>> readAdminHash(const StateFolder &folder);

} // namespace delta::app

#pragma once

#include "gateway/auth/key_directory.h"
#include "gateway/auth/pepper.h"
#include "gateway/ports/key_store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/secret.h"

#include <QString>

#include <functional>
#include <optional>

namespace delta::admin {

/// A key that was just made; its secret exists only here.
struct CreatedKey {
    VirtualKey key;
    Secret secret;
};

/// Makes, finds and revokes virtual keys, for the HTTP API and the command line alike.
/// Blocks on the store: called on the thread that owns it.
class KeyService
{
public:
    struct Parts {
        ports::KeyStore &store;
        const auth::Pepper &pepper;
        const Clock &clock;
        Random &random;
        /// Told of changes at once; null on the command line.
        auth::KeyDirectory *directory = nullptr;
    };

    explicit KeyService(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// Makes a key from what the wish says of alias, owner, models, expiry and blocking.
    /// Errors: InvalidRequest naming the field; StoreUnavailable.
    [[nodiscard]] Result<CreatedKey> create(VirtualKey wish);
    /// Finds a key by its id, its alias or its whole text. Errors: StoreUnavailable.
    [[nodiscard]] Result<std::optional<VirtualKey>> find(const QString &name);
    /// Removes a key, named likewise, for good. Returns whether there was one.
    [[nodiscard]] Result<bool> revoke(const QString &name);
    /// Returns all keys, newest first.
    [[nodiscard]] Result<std::vector<VirtualKey>> list();

private:
    Parts m_parts;
};

} // namespace delta::admin

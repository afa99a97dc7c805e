#pragma once

#include "gateway/auth/pepper.h"
#include "gateway/ports/key_store.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QtTypes>

#include <atomic>
#include <memory>
#include <optional>
#include <unordered_map>

namespace delta::auth {

/// The texts of keys that were rotated and are still good for a while. There are few; only who looks for a text that is
/// none of a key asks here. currentOf() is safe from any thread and takes no lock; refresh() is for the thread that owns
/// the store.
class RetiredSecrets
{
public:
    /// Brings what is new in the store in here; cheap if no process changed anything since.
    /// Errors: StoreUnavailable. Then nothing has changed; it may be tried again.
    [[nodiscard]] Result<void> refresh(ports::KeyStore &store);

    /// Returns the MAC of the text that took the place of one; nothing if that is unknown, or its time is over.
    [[nodiscard]] std::optional<KeyMac> currentOf(const KeyMac &mac, WallTime now) const;

private:
    struct Retired {
        KeyMac current{};
        WallTime endsAt{};
    };
    struct Hash {
        std::size_t operator()(const KeyMac &mac) const;
    };
    using Table = std::unordered_map<KeyMac, Retired, Hash>;

    std::atomic<std::shared_ptr<const Table>> m_table = std::make_shared<const Table>();
    std::optional<qint64> m_version; ///< Of what is in here; nothing before the first refresh().
};

} // namespace delta::auth

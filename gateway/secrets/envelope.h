#pragma once

#include "gateway/ports/sealer.h"
#include "gateway/secrets/key_ring.h"
#include "shared/core/random.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace delta::secrets {

/// Seals each value with AES-256-GCM under a random key of its own, and that key under the newest of the ring. Both
/// are bound to the context. Safe from any thread, if the source of randomness is.
class Envelope final : public ports::Sealer
{
public:
    /// Reads the keys again; nothing if that fails. Called on whatever thread meets a value of an unknown key.
    using Reread = std::function<std::optional<KeyRing>()>;

    /// `random` must outlive it. Without `reread` the keys are those of `ring` until others are adopted.
    Envelope(KeyRing ring, Random &random, Reread reread = {});

    // ports::Sealer. A secret has at most 1 MiB.
    [[nodiscard]] Result<QByteArray> seal(const Secret &plain, QByteArrayView context) override;
    [[nodiscard]] Result<Secret> open(const QByteArray &sealed, QByteArrayView context) override;

    /// Returns the same value with its key sealed by the newest key of the ring; the very same bytes if it is
    /// already. The secret itself is not decrypted. Errors: those of open(), for what is wrong with the value's key.
    [[nodiscard]] Result<QByteArray> rewrap(const QByteArray &sealed, QByteArrayView context);
    /// Returns the id of the key that a value is sealed with, which need not be on the ring.
    /// Errors: StoreUnavailable if it is no sealed value.
    [[nodiscard]] static Result<QByteArray> kekIdOf(QByteArrayView sealed);
    [[nodiscard]] std::shared_ptr<const KeyRing> ring() const
    {
        return m_ring.load();
    }
    /// Seals and opens with other keys from now on.
    void adopt(KeyRing ring);

private:
    [[nodiscard]] Result<QByteArray> wrap(const Secret &key, QByteArrayView context);
    [[nodiscard]] Result<Secret> unwrap(QByteArrayView sealed, QByteArrayView context);

    [[nodiscard]] std::shared_ptr<const KeyRing> ringWith(QByteArrayView id);

    std::atomic<std::shared_ptr<const KeyRing>> m_ring; ///< Never null.
    std::mutex m_change;                                ///< Of the ring; reading needs none.
    Random &m_random;
    const Reread m_reread;
};

} // namespace delta::secrets

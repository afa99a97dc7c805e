#pragma once

#include "gateway/ports/sealer.h"
#include "gateway/secrets/key_ring.h"
#include "shared/core/random.h"

namespace delta::secrets {

/// Seals each value with AES-256-GCM under a random key of its own, and that key under the newest of the ring. Both
/// are bound to the context. Safe from any thread, if the source of randomness is.
class Envelope final : public ports::Sealer
{
public:
    /// `random` must outlive it.
    Envelope(KeyRing ring, Random &random);

    // ports::Sealer. A secret has at most 1 MiB.
    [[nodiscard]] Result<QByteArray> seal(const Secret &plain, QByteArrayView context) override;
    [[nodiscard]] Result<Secret> open(const QByteArray &sealed, QByteArrayView context) override;

    /// Returns the same value with its key sealed by the newest key of the ring; the very same bytes if it is
    /// already. The secret itself is not decrypted. Errors: those of open(), for what is wrong with the value's key.
    [[nodiscard]] Result<QByteArray> rewrap(const QByteArray &sealed, QByteArrayView context);
    /// Returns the id of the key that a value is sealed with, which need not be on the ring.
    /// Errors: StoreUnavailable if it is no sealed value.
    [[nodiscard]] static Result<QByteArray> kekIdOf(QByteArrayView sealed);
    [[nodiscard]] const KeyRing &ring() const
    {
        return m_ring;
    }

private:
    [[nodiscard]] Result<QByteArray> wrap(const Secret &key, QByteArrayView context);
    [[nodiscard]] Result<Secret> unwrap(QByteArrayView sealed, QByteArrayView context) const;

    const KeyRing m_ring;
    Random &m_random;
};

} // namespace delta::secrets

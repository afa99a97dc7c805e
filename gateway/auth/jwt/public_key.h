#pragma once

#include "gateway/auth/jwt/jwt_algorithm.h"

#include <QByteArrayView>

#include <memory>
#include <optional>

struct evp_pkey_st;

namespace delta::auth {

/// A key that signatures are checked with. Immutable; safe from any thread.
class PublicKey
{
public:
    /// Makes an RSA key of a modulus and an exponent, both big-endian. Returns nothing for a
    /// modulus of less than 2048 or more than 8192 bits, and for an exponent that is even, 1, or of
    /// more than 32 bits.
    [[nodiscard]] static std::optional<PublicKey> rsa(QByteArrayView modulus,
                                                      QByteArrayView exponent);
    /// Makes a key on one of the three curves. Returns nothing if a coordinate has not exactly its
    /// length or the point is not on the curve.
    [[nodiscard]] static std::optional<PublicKey> onCurve(KeyKind curve, QByteArrayView x,
                                                          QByteArrayView y);
    /// Makes an Ed25519 key. Returns nothing if there are not 32 bytes.
    [[nodiscard]] static std::optional<PublicKey> ed25519(QByteArrayView x);

    [[nodiscard]] KeyKind kind() const
    {
        return m_kind;
    }
    /// Says whether this key's owner signed the text. The signature has the form of JOSE: that of
    /// ECDSA is r and s, each of full length. False for an algorithm that takes another kind of
    /// key. Leaves nothing in OpenSSL's queue of errors, which the TLS of the same thread reads.
    [[nodiscard]] bool hasSigned(QByteArrayView text, const JwtAlgorithmFacts &algorithm,
                                 QByteArrayView signature) const;

private:
    PublicKey(KeyKind kind, evp_pkey_st *key);

    KeyKind m_kind;
    std::shared_ptr<evp_pkey_st> m_key; ///< Never null.
};

} // namespace delta::auth

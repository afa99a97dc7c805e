#pragma once

#include "gateway/auth/pepper.h"

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

struct evp_pkey_st;

namespace delta::auth {

/// Signs where the audit log ends, so that whoever keeps what a gateway logged can prove that a gateway wrote it, with
/// the public half and without a secret. Ed25519 (RFC 8032) with a key made of the pepper: all gateways that share the
/// pepper sign alike. Safe from any thread.
class CheckpointKey
{
public:
    explicit CheckpointKey(const Pepper &pepper);

    /// Returns the signature of some bytes: 64 bytes.
    [[nodiscard]] QByteArray sign(QByteArrayView bytes) const;
    [[nodiscard]] bool hasSigned(QByteArrayView bytes, QByteArrayView signature) const;
    /// Returns the public half as PEM, a SubjectPublicKeyInfo (RFC 8410).
    [[nodiscard]] QByteArray publicPem() const;

private:
    struct Deleter {
        void operator()(evp_pkey_st *key) const;
    };
    std::unique_ptr<evp_pkey_st, Deleter> m_key;
};

} // namespace delta::auth

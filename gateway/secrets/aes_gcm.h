#pragma once

#include "shared/core/random.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace delta::secrets {

constexpr qsizetype gcmKeyBytes = 32;
constexpr qsizetype gcmNonceBytes = 12;
constexpr qsizetype gcmTagBytes = 16;
/// How much longer a text is once it is encrypted.
constexpr qsizetype gcmExtraBytes = gcmNonceBytes + gcmTagBytes;
/// No text may be longer.
constexpr qsizetype gcmMaxBytes = 1 << 20;

/// Encrypts with AES-256-GCM under a new nonce: nonce, text, tag. `bound` is not encrypted; it must be the same to
/// decrypt. Returns nothing if the key is not one, the text is too long, or OpenSSL cannot.
[[nodiscard]] std::optional<QByteArray> gcmEncrypt(const Secret &key, const Secret &plain,
                                                   QByteArrayView bound, Random &random);

/// Decrypts what gcmEncrypt() made. Returns nothing if any bit of it, of `bound` or of the key is another.
[[nodiscard]] std::optional<Secret> gcmDecrypt(const Secret &key, QByteArrayView encrypted,
                                               QByteArrayView bound);

} // namespace delta::secrets

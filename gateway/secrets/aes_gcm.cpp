#include "gateway/secrets/aes_gcm.h"

#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace delta::secrets {

namespace {

struct ContextDeleter {
    void operator()(EVP_CIPHER_CTX *context) const
    {
        EVP_CIPHER_CTX_free(context); // It wipes the key that it was given.
    }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, ContextDeleter>;

const unsigned char *bytesOf(QByteArrayView view)
{
    return reinterpret_cast<const unsigned char *>(view.data());
}

unsigned char *bytesOf(QByteArray &array, qsizetype from)
{
    return reinterpret_cast<unsigned char *>(array.data()) + from;
}

/// Has what is bound looked at by the cipher. OpenSSL takes a missing text for a question.
bool feedBound(EVP_CIPHER_CTX *context, QByteArrayView bound)
{
    int length = 0;
    return bound.isEmpty()
        || EVP_CipherUpdate(context, nullptr, &length, bytesOf(bound), int(bound.size())) == 1;
}

/// Writes the encrypted or decrypted form of `text` to `to`, which has room for it.
bool feedText(EVP_CIPHER_CTX *context, QByteArrayView text, unsigned char *to)
{
    int length = 0;
    return text.isEmpty()
        || (EVP_CipherUpdate(context, to, &length, bytesOf(text), int(text.size())) == 1
            && length == text.size());
}

bool fits(const Secret &key, qsizetype length, QByteArrayView bound)
{
    return key.reveal().size() == gcmKeyBytes && length <= gcmMaxBytes
        && bound.size() <= gcmMaxBytes;
}

} // namespace

std::optional<QByteArray> gcmEncrypt(const Secret &key, const Secret &plain, QByteArrayView bound,
                                     Random &random)
{
    const QByteArray &text = plain.reveal();
    const Context context(EVP_CIPHER_CTX_new());
    if (!context || !fits(key, text.size(), bound)) {
        return std::nullopt;
    }
    QByteArray result(text.size() + gcmExtraBytes, Qt::Uninitialized);
    random.fill(std::as_writable_bytes(std::span(result.data(), std::size_t(gcmNonceBytes))));
    const qsizetype tagAt = gcmNonceBytes + text.size();
    unsigned char *const tag = bytesOf(result, tagAt);
    int length = 0;
    const bool isDone = EVP_EncryptInit_ex2(context.get(), EVP_aes_256_gcm(), bytesOf(key.reveal()),
                                            bytesOf(result), nullptr)
            == 1
        && feedBound(context.get(), bound)
        && feedText(context.get(), text, bytesOf(result, gcmNonceBytes))
        && EVP_EncryptFinal_ex(context.get(), tag, &length) == 1
        && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, int(gcmTagBytes), tag) == 1;
    return isDone ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<Secret> gcmDecrypt(const Secret &key, QByteArrayView encrypted, QByteArrayView bound)
{
    const qsizetype length = encrypted.size() - gcmExtraBytes;
    const Context context(EVP_CIPHER_CTX_new());
    if (!context || length < 0 || !fits(key, length, bound)) {
        return std::nullopt;
    }
    QByteArray tag = encrypted.last(gcmTagBytes).toByteArray();
    // One byte more, so that there is a place to write to where nothing was encrypted.
    QByteArray plain(length + 1, Qt::Uninitialized);
    int rest = 0;
    const bool isGood = EVP_DecryptInit_ex2(context.get(), EVP_aes_256_gcm(), bytesOf(key.reveal()),
                                            bytesOf(encrypted), nullptr)
            == 1
        && feedBound(context.get(), bound)
        && feedText(context.get(), encrypted.sliced(gcmNonceBytes, length), bytesOf(plain, 0))
        && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, int(gcmTagBytes), tag.data())
            == 1
        && EVP_DecryptFinal_ex(context.get(), bytesOf(plain, length), &rest) == 1;
    if (!isGood) {
        // What was decrypted before the tag was looked at is not to stay in memory either.
        wipe(plain);
        return std::nullopt;
    }
    plain.truncate(length);
    return Secret(std::move(plain));
}

} // namespace delta::secrets

#include "gateway/auth/checkpoint_key.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstddef>

namespace delta::auth {

namespace {

struct ContextDeleter {
    void operator()(EVP_MD_CTX *context) const
    {
        EVP_MD_CTX_free(context);
    }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

struct BioDeleter {
    void operator()(BIO *bio) const
    {
        BIO_free(bio);
    }
};

const unsigned char *bytesOf(QByteArrayView bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.data());
}

std::size_t sizeOf(QByteArrayView bytes)
{
    return static_cast<std::size_t>(bytes.size());
}

} // namespace

void CheckpointKey::Deleter::operator()(evp_pkey_st *key) const
{
    EVP_PKEY_free(key);
}

CheckpointKey::CheckpointKey(const Pepper &pepper)
{
    KeyMac seed = pepper.derived("audit-checkpoint").mac("ed25519");
    m_key.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
    OPENSSL_cleanse(seed.data(), seed.size());
    Q_ASSERT(m_key); // Any 32 bytes make a key.
}

QByteArray CheckpointKey::sign(QByteArrayView bytes) const
{
    constexpr qsizetype signatureSize = 64;
    QByteArray signature(signatureSize, '\0');
    std::size_t size = sizeOf(signature);
    const Context context(EVP_MD_CTX_new());
    const bool isSigned = context
        && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, m_key.get()) == 1
        && EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size,
                          bytesOf(bytes), sizeOf(bytes))
            == 1;
    Q_ASSERT(isSigned);
    return isSigned ? signature : QByteArray();
}

bool CheckpointKey::hasSigned(QByteArrayView bytes, QByteArrayView signature) const
{
    const Context context(EVP_MD_CTX_new());
    ERR_set_mark(); // A wrong signature is no error to be found by somebody else.
    const bool isGood = context
        && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, m_key.get()) == 1
        && EVP_DigestVerify(context.get(), bytesOf(signature), sizeOf(signature), bytesOf(bytes),
                            sizeOf(bytes))
            == 1;
    ERR_pop_to_mark();
    return isGood;
}

QByteArray CheckpointKey::publicPem() const
{
    const std::unique_ptr<BIO, BioDeleter> text(BIO_new(BIO_s_mem()));
    char *bytes = nullptr; // Of the BIO.
    if (!text || PEM_write_bio_PUBKEY(text.get(), m_key.get()) != 1) {
        return {};
    }
    const auto size = BIO_get_mem_data(text.get(), &bytes);
    return {bytes, static_cast<qsizetype>(size)};
}

} // namespace delta::auth

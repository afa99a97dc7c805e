#include "gateway/auth/password_hash.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace delta::auth {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t saltBytes = 16;
constexpr std::size_t hashBytes = 32;
constexpr std::uint32_t memoryKib = 65'536;
constexpr std::uint32_t passes = 3;
constexpr std::uint32_t lanes = 1;
constexpr QByteArrayView prefix = "$argon2id$v=19$m=65536,t=3,p=1$";
constexpr auto base64Form = QByteArray::Base64Encoding | QByteArray::OmitTrailingEquals;

QByteArray argon2id(const QByteArray &password, QByteArray salt)
{
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
        EVP_KDF_fetch(nullptr, "ARGON2ID", nullptr), EVP_KDF_free);
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
        EVP_KDF_CTX_new(kdf.get()), EVP_KDF_CTX_free);
    QByteArray secret = password;
    std::uint32_t memory = memoryKib;
    std::uint32_t iterations = passes;
    std::uint32_t parallel = lanes;
    const std::array parameters{
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, secret.data(),
                                          static_cast<std::size_t>(secret.size())),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.data(),
                                          static_cast<std::size_t>(salt.size())),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_MEMCOST, &memory),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &iterations),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_LANES, &parallel),
        OSSL_PARAM_construct_end(),
    };
    QByteArray hash(hashBytes, '\0');
    const bool isDone = context
        && EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char *>(hash.data()), hashBytes,
                          parameters.data())
            == 1;
    OPENSSL_cleanse(secret.data(), static_cast<std::size_t>(secret.size()));
    return isDone ? hash : QByteArray();
}

/// The salt and the hash of a PHC text of our parameters.
struct Parsed {
    QByteArray salt;
    QByteArray hash;
};

std::optional<Parsed> parse(QByteArrayView text)
{
    if (!text.startsWith(prefix)) {
        return std::nullopt;
    }
    const QByteArrayView rest = text.sliced(prefix.size());
    const qsizetype dollar = rest.indexOf('$');
    if (dollar < 0) {
        return std::nullopt;
    }
    Parsed parsed{QByteArray::fromBase64(rest.first(dollar).toByteArray()),
                  QByteArray::fromBase64(rest.sliced(dollar + 1).toByteArray())};
    return parsed.salt.size() == saltBytes && parsed.hash.size() == hashBytes
        ? std::optional(parsed)
        : std::nullopt;
}

} // namespace

Result<QByteArray> hashPassword(const Secret &password, Random &random)
{
    QByteArray salt(saltBytes, '\0');
    random.fill(std::as_writable_bytes(std::span(salt.data(), saltBytes)));
    const QByteArray hash = argon2id(password.reveal(), salt);
    if (hash.isEmpty()) {
        return failure(ApiError::internal(u"Argon2id is not available"_s));
    }
    return prefix.toByteArray() + salt.toBase64(base64Form) + '$' + hash.toBase64(base64Form);
}

bool isPassword(const Secret &password, QByteArrayView hash)
{
    const std::optional<Parsed> parsed = parse(hash);
    if (!parsed) {
        return false;
    }
    const QByteArray computed = argon2id(password.reveal(), parsed->salt);
    return computed.size() == parsed->hash.size()
        && CRYPTO_memcmp(computed.constData(), parsed->hash.constData(), hashBytes) == 0;
}

} // namespace delta::auth

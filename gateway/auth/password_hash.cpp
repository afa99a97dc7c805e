#include "gateway/auth/password_hash.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <QByteArrayList>

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
constexpr auto base64Form = QByteArray::Base64Encoding | QByteArray::OmitTrailingEquals;

/// A hash that asks for more was not made by us, and would only be there to keep us busy.
constexpr PasswordCost highestCost{262'144, 16, 16};

QByteArray argon2id(const QByteArray &password, QByteArray salt, PasswordCost cost)
{
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
        EVP_KDF_fetch(nullptr, "ARGON2ID", nullptr), EVP_KDF_free);
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
        EVP_KDF_CTX_new(kdf.get()), EVP_KDF_CTX_free);
    QByteArray secret = password;
    const std::array parameters{
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, secret.data(),
                                          static_cast<std::size_t>(secret.size())),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.data(),
                                          static_cast<std::size_t>(salt.size())),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_MEMCOST, &cost.memoryKib),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &cost.passes),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_LANES, &cost.lanes),
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

/// A PHC text, taken apart.
struct Parsed {
    PasswordCost cost;
    QByteArray salt;
    QByteArray hash;
};

QByteArray textOf(const PasswordCost &cost)
{
    return "$argon2id$v=19$m=" + QByteArray::number(cost.memoryKib)
        + ",t=" + QByteArray::number(cost.passes) + ",p=" + QByteArray::number(cost.lanes) + '$';
}

/// Reads "m=19456,t=2,p=1".
std::optional<PasswordCost> parseCost(const QByteArray &text)
{
    const QByteArrayList parts = text.split(',');
    if (parts.size() != 3 || !parts[0].startsWith("m=") || !parts[1].startsWith("t=")
        || !parts[2].startsWith("p=")) {
        return std::nullopt;
    }
    const PasswordCost cost{parts[0].sliced(2).toUInt(), parts[1].sliced(2).toUInt(),
                            parts[2].sliced(2).toUInt()};
    const bool isSane = cost.passes > 0 && cost.lanes > 0 && cost.memoryKib >= 8 * cost.lanes
        && cost.memoryKib <= highestCost.memoryKib && cost.passes <= highestCost.passes
        && cost.lanes <= highestCost.lanes;
    return isSane ? std::optional(cost) : std::nullopt;
}

std::optional<Parsed> parse(QByteArrayView text)
{
    const QByteArrayList parts = text.toByteArray().split('$');
    if (parts.size() != 6 || !parts[0].isEmpty() || parts[1] != "argon2id" || parts[2] != "v=19") {
        return std::nullopt;
    }
    const auto cost = parseCost(parts[3]);
    Parsed parsed{cost.value_or(PasswordCost()), QByteArray::fromBase64(parts[4]),
                  QByteArray::fromBase64(parts[5])};
    return cost && parsed.salt.size() == saltBytes && parsed.hash.size() == hashBytes
        ? std::optional(parsed)
        : std::nullopt;
}

QByteArray randomBytes(Random &random, std::size_t count)
{
    QByteArray bytes(static_cast<qsizetype>(count), '\0');
    random.fill(std::as_writable_bytes(std::span(bytes.data(), count)));
    return bytes;
}

/// What a cost comes to in time.
std::uint64_t workOf(const PasswordCost &cost)
{
    return std::uint64_t(cost.memoryKib) * cost.passes;
}

} // namespace

Result<QByteArray> hashPassword(const Secret &password, Random &random, const PasswordCost &cost)
{
    const QByteArray salt = randomBytes(random, saltBytes);
    const QByteArray hash = argon2id(password.reveal(), salt, cost);
    if (hash.isEmpty()) {
        return failure(ApiError::internal(u"Argon2id is not available"_s));
    }
    return textOf(cost) + salt.toBase64(base64Form) + '$' + hash.toBase64(base64Form);
}

bool isPassword(const Secret &password, QByteArrayView hash)
{
    const std::optional<Parsed> parsed = parse(hash);
    if (!parsed) {
        return false;
    }
    const QByteArray computed = argon2id(password.reveal(), parsed->salt, parsed->cost);
    return computed.size() == parsed->hash.size()
        && CRYPTO_memcmp(computed.constData(), parsed->hash.constData(), hashBytes) == 0;
}

bool isWeaker(QByteArrayView hash, const PasswordCost &cost)
{
    const std::optional<Parsed> parsed = parse(hash);
    return !parsed || workOf(parsed->cost) < workOf(cost);
}

QByteArray hashOfNobody(Random &random, const PasswordCost &cost)
{
    return textOf(cost) + randomBytes(random, saltBytes).toBase64(base64Form) + '$'
        + randomBytes(random, hashBytes).toBase64(base64Form);
}

} // namespace delta::auth

#include "gateway/auth/jwt/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <QByteArray>

#include <tuple>

namespace delta::auth {

namespace {

constexpr int leastRsaBits = 2048;
constexpr int mostRsaBits = 8192;
constexpr int mostExponentBits = 32;
constexpr qsizetype ed25519KeySize = 32;
constexpr qsizetype ed25519SignatureSize = 64;

/// Frees what OpenSSL made.
template <auto Free>
struct Freer {
    template <typename T>
    void operator()(T *made) const
    {
        Free(made);
    }
};
using Number = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;

/// Takes the errors of a scope out of OpenSSL's queue.
class QuietErrors
{
public:
    QuietErrors()
    {
        ERR_set_mark();
    }
    ~QuietErrors()
    {
        ERR_pop_to_mark();
    }
    Q_DISABLE_COPY_MOVE(QuietErrors)
};

const unsigned char *bytesOf(QByteArrayView bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.data());
}

Number numberOf(QByteArrayView bytes)
{
    return Number(BN_bin2bn(bytesOf(bytes), static_cast<int>(bytes.size()), nullptr));
}

EVP_PKEY *makeKey(const char *type, const ParameterBuilder &builder)
{
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY *key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1
        || EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
        return nullptr;
    }
    return key;
}

struct Curve {
    const char *name;
    qsizetype size; ///< Of a coordinate, in bytes.
};

std::optional<Curve> curveOf(KeyKind kind)
{
    switch (kind) {
    case KeyKind::P256:
        return Curve{"P-256", 32};
    case KeyKind::P384:
        return Curve{"P-384", 48};
    case KeyKind::P521:
        return Curve{"P-521", 66};
    case KeyKind::Rsa:
    case KeyKind::Ed25519:
        break;
    }
    return std::nullopt;
}

/// Turns r and s into the DER that OpenSSL takes. Empty if they are not of full length.
QByteArray derOf(QByteArrayView signature, qsizetype size)
{
    if (signature.size() != 2 * size) {
        return {};
    }
    const EcdsaSignature pair(ECDSA_SIG_new());
    Number r = numberOf(signature.first(size));
    Number s = numberOf(signature.sliced(size));
    if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) {
        return {};
    }
    std::ignore = r.release(); // The pair owns them now.
    std::ignore = s.release();
    QByteArray der(i2d_ECDSA_SIG(pair.get(), nullptr), Qt::Uninitialized);
    auto *end = reinterpret_cast<unsigned char *>(der.data());
    i2d_ECDSA_SIG(pair.get(), &end);
    return der;
}

/// Returns the signature as OpenSSL takes it; empty if it has not the one length that it can have.
QByteArray encodedSignature(QByteArrayView signature, KeyKind kind, const EVP_PKEY *key)
{
    if (const auto curve = curveOf(kind)) {
        return derOf(signature, curve->size);
    }
    const qsizetype size = kind == KeyKind::Ed25519 ? ed25519SignatureSize : EVP_PKEY_get_size(key);
    return signature.size() == size ? signature.toByteArray() : QByteArray();
}

bool usePss(EVP_PKEY_CTX *context)
{
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
        && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

} // namespace

PublicKey::PublicKey(KeyKind kind, evp_pkey_st *key)
    : m_kind(kind)
    , m_key(key, &EVP_PKEY_free)
{
}

std::optional<PublicKey> PublicKey::rsa(QByteArrayView modulus, QByteArrayView exponent)
{
    const QuietErrors quiet;
    if (modulus.size() > mostRsaBits / 8 || exponent.size() > mostExponentBits / 8) {
        return std::nullopt;
    }
    const Number n = numberOf(modulus);
    const Number e = numberOf(exponent);
    if (!n || !e || BN_num_bits(n.get()) < leastRsaBits || !BN_is_odd(n.get())
        || !BN_is_odd(e.get()) || BN_is_one(e.get())) {
        return std::nullopt;
    }
    const ParameterBuilder builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1
        || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        return std::nullopt;
    }
    EVP_PKEY *key = makeKey("RSA", builder);
    return key ? std::optional(PublicKey(KeyKind::Rsa, key)) : std::nullopt;
}

std::optional<PublicKey> PublicKey::onCurve(KeyKind kind, QByteArrayView x, QByteArrayView y)
{
    const QuietErrors quiet;
    const auto curve = curveOf(kind);
    if (!curve || x.size() != curve->size || y.size() != curve->size) {
        return std::nullopt;
    }
    const QByteArray point = '\x04' + x.toByteArray() + y.toByteArray(); // Uncompressed.
    const ParameterBuilder builder(OSSL_PARAM_BLD_new());
    if (!builder
        || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve->name,
                                           0)
            != 1
        || OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                            static_cast<std::size_t>(point.size()))
            != 1) {
        return std::nullopt;
    }
    EVP_PKEY *key = makeKey("EC", builder); // Refuses a point beside the curve.
    return key ? std::optional(PublicKey(kind, key)) : std::nullopt;
}

std::optional<PublicKey> PublicKey::ed25519(QByteArrayView x)
{
    const QuietErrors quiet;
    if (x.size() != ed25519KeySize) {
        return std::nullopt;
    }
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytesOf(x),
                                                static_cast<std::size_t>(x.size()));
    return key ? std::optional(PublicKey(KeyKind::Ed25519, key)) : std::nullopt;
}

bool PublicKey::hasSigned(QByteArrayView text, const JwtAlgorithmFacts &algorithm,
                          QByteArrayView signature) const
{
    const QuietErrors quiet;
    const QByteArray encoded = encodedSignature(signature, m_kind, m_key.get());
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *details = nullptr; // The context owns it.
    return algorithm.key == m_kind && !encoded.isEmpty() && context
        && EVP_DigestVerifyInit_ex(context.get(), &details, algorithm.digest, nullptr, nullptr,
                                   m_key.get(), nullptr)
        == 1
        && (!algorithm.isPss || usePss(details))
        && EVP_DigestVerify(context.get(), bytesOf(encoded),
                            static_cast<std::size_t>(encoded.size()), bytesOf(text),
                            static_cast<std::size_t>(text.size()))
        == 1;
}

} // namespace delta::auth

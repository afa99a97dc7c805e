#pragma once

#include "gateway/auth/jwt/jwt_algorithm.h"
#include "gateway/auth/jwt/jwt_settings.h"
#include "gateway/auth/jwt/key_set.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <memory>

namespace delta::auth::test {

using namespace Qt::StringLiterals;

inline QByteArray base64Url(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

inline QByteArray jsonOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// Returns the object with other or further members.
inline QJsonObject with(QJsonObject object, const QJsonObject &changes)
{
    for (auto member = changes.begin(); member != changes.end(); ++member) {
        object[member.key()] = member.value();
    }
    return object;
}

inline QJsonObject without(QJsonObject object, QLatin1StringView name)
{
    object.remove(name);
    return object;
}

/// An identity provider's key: signs tokens, and publishes what they are checked with.
class SigningKey
{
public:
    explicit SigningKey(KeyKind kind, int rsaBits = 2048)
        : m_kind(kind)
        , m_key(make(kind, rsaBits), &EVP_PKEY_free)
    {
    }

    /// Returns the public part as a JWK.
    [[nodiscard]] QJsonObject jwk(const QString &id) const
    {
        QJsonObject jwk{{u"kid"_s, id}, {u"use"_s, u"sig"_s}};
        if (m_kind == KeyKind::Rsa) {
            return with(jwk,
                        {{u"kty"_s, u"RSA"_s},
                         {u"n"_s, number(OSSL_PKEY_PARAM_RSA_N, 0)},
                         {u"e"_s, number(OSSL_PKEY_PARAM_RSA_E, 0)}});
        }
        if (m_kind == KeyKind::Ed25519) {
            QByteArray x(32, '\0');
            std::size_t size = 32;
            EVP_PKEY_get_raw_public_key(m_key.get(), bytes(x), &size);
            return with(jwk,
                        {{u"kty"_s, u"OKP"_s},
                         {u"crv"_s, u"Ed25519"_s},
                         {u"x"_s, QString::fromLatin1(base64Url(x))}});
        }
        return with(jwk,
                    {{u"kty"_s, u"EC"_s},
                     {u"crv"_s, QString::fromLatin1(curve(m_kind))},
                     {u"x"_s, number(OSSL_PKEY_PARAM_EC_PUB_X, coordinateSize(m_kind))},
                     {u"y"_s, number(OSSL_PKEY_PARAM_EC_PUB_Y, coordinateSize(m_kind))}});
    }

    /// Returns a signature in the form of JOSE.
    [[nodiscard]] QByteArray sign(const QByteArray &text, const JwtAlgorithmFacts &algorithm) const
    {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              &EVP_MD_CTX_free);
        EVP_PKEY_CTX *details = nullptr;
        EVP_DigestSignInit_ex(context.get(), &details, algorithm.digest, nullptr, nullptr,
                              m_key.get(), nullptr);
        if (algorithm.isPss) {
            EVP_PKEY_CTX_set_rsa_padding(details, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(details, RSA_PSS_SALTLEN_DIGEST);
        }
        std::size_t size = 1024;
        QByteArray signature(qsizetype(size), '\0');
        EVP_DigestSign(context.get(), bytes(signature), &size,
                       reinterpret_cast<const unsigned char *>(text.data()),
                       std::size_t(text.size()));
        signature.resize(qsizetype(size));
        return coordinateSize(m_kind) > 0 ? pairOf(signature) : signature;
    }

    /// Returns a token whose header and claims are these texts, whatever they are.
    [[nodiscard]] QByteArray token(const QByteArray &header, const QByteArray &claims,
                                   QStringView algorithm) const
    {
        const QByteArray text = base64Url(header) + '.' + base64Url(claims);
        return text + '.' + base64Url(sign(text, *findJwtAlgorithm(algorithm)));
    }
    /// Returns a token that is signed as its header says.
    [[nodiscard]] QByteArray token(const QJsonObject &header, const QJsonObject &claims) const
    {
        return token(jsonOf(header), jsonOf(claims), header["alg"_L1].toString());
    }

private:
    static unsigned char *bytes(QByteArray &text)
    {
        return reinterpret_cast<unsigned char *>(text.data());
    }
    static const char *curve(KeyKind kind)
    {
        return kind == KeyKind::P256 ? "P-256" : kind == KeyKind::P384 ? "P-384" : "P-521";
    }
    static int coordinateSize(KeyKind kind)
    {
        switch (kind) {
        case KeyKind::P256:
            return 32;
        case KeyKind::P384:
            return 48;
        case KeyKind::P521:
            return 66;
        default:
            return 0;
        }
    }
    static EVP_PKEY *make(KeyKind kind, int rsaBits)
    {
        if (kind == KeyKind::Rsa) {
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t(rsaBits));
        }
        return kind == KeyKind::Ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                        : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve(kind));
    }
    /// Returns a parameter of the key in base64url; with `size` bytes, or as few as possible.
    [[nodiscard]] QString number(const char *name, int size) const
    {
        BIGNUM *value = nullptr;
        EVP_PKEY_get_bn_param(m_key.get(), name, &value);
        QByteArray text(size > 0 ? size : BN_num_bytes(value), '\0');
        BN_bn2binpad(value, bytes(text), int(text.size()));
        BN_free(value);
        return QString::fromLatin1(base64Url(text));
    }
    /// Makes r and s of OpenSSL's DER.
    [[nodiscard]] QByteArray pairOf(const QByteArray &der) const
    {
        const int size = coordinateSize(m_kind);
        const auto *begin = reinterpret_cast<const unsigned char *>(der.data());
        ECDSA_SIG *pair = d2i_ECDSA_SIG(nullptr, &begin, long(der.size()));
        QByteArray text(2 * size, '\0');
        BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes(text), size);
        BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes(text) + size, size);
        ECDSA_SIG_free(pair);
        return text;
    }

    KeyKind m_kind;
    std::shared_ptr<EVP_PKEY> m_key;
};

inline QByteArray jwksOf(const QJsonArray &keys)
{
    return jsonOf({{u"keys"_s, keys}});
}

/// Returns the set; the process ends if it is none.
inline KeySet keySetOf(const QJsonArray &keys)
{
    return KeySet::parse(jwksOf(keys)).value();
}

inline const QString issuer = u"https://login.example.com/"_s;
/// 2027-01-15T08:00:00Z, where StoppedClock stands.
inline constexpr qint64 nowSeconds = 1'800'000'000;
inline constexpr WallTime testNow{std::chrono::seconds(nowSeconds)};

/// Returns what a good token claims.
inline QJsonObject goodClaims()
{
    return {{u"iss"_s, issuer},
            {u"aud"_s, u"deltallm"_s},
            {u"sub"_s, u"ada"_s},
            {u"exp"_s, nowSeconds + 300},
            {u"iat"_s, nowSeconds - 5}};
}

inline QJsonObject headerFor(const QString &algorithm, const QString &id)
{
    return {{u"alg"_s, algorithm}, {u"kid"_s, id}, {u"typ"_s, u"JWT"_s}};
}

inline JwtRules goodRules()
{
    return {.issuer = issuer, .audiences = {u"deltallm"_s}};
}

} // namespace delta::auth::test

#include "gateway/auth/jwt/key_set.h"

#include "gateway/auth/jwt/base64_url.h"
#include "gateway/auth/jwt/strict_json.h"

#include <QJsonArray>
#include <QJsonValue>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::auth {

namespace {

constexpr qsizetype longestId = 256;

/// Returns the bytes of a member; empty if it is not there or no base64url.
QByteArray bytesOf(const QJsonObject &jwk, QLatin1StringView name)
{
    return decodeBase64Url(jwk[name].toString().toLatin1()).value_or(QByteArray());
}

std::optional<KeyKind> curveNamed(const QString &name)
{
    if (name == "P-256"_L1) {
        return KeyKind::P256;
    }
    if (name == "P-384"_L1) {
        return KeyKind::P384;
    }
    return name == "P-521"_L1 ? std::optional(KeyKind::P521) : std::nullopt;
}

std::optional<PublicKey> publicKeyOf(const QJsonObject &jwk)
{
    const QString type = jwk["kty"_L1].toString();
    if (type == "RSA"_L1) {
        return PublicKey::rsa(bytesOf(jwk, "n"_L1), bytesOf(jwk, "e"_L1));
    }
    const QString curve = jwk["crv"_L1].toString();
    if (type == "EC"_L1) {
        return curveNamed(curve).and_then([&jwk](KeyKind kind) {
            return PublicKey::onCurve(kind, bytesOf(jwk, "x"_L1), bytesOf(jwk, "y"_L1));
        });
    }
    if (type == "OKP"_L1 && curve == "Ed25519"_L1) {
        return PublicKey::ed25519(bytesOf(jwk, "x"_L1));
    }
    return std::nullopt;
}

/// Says whether the issuer means the key for signatures that others check.
bool isForVerifying(const QJsonObject &jwk)
{
    const QJsonValue use = jwk["use"_L1];
    const QJsonValue operations = jwk["key_ops"_L1];
    return (use.isUndefined() || use == "sig"_L1)
        && (operations.isUndefined() || operations.toArray().contains("verify"_L1));
}

} // namespace

std::optional<KeySet::Entry> KeySet::readKey(const QJsonObject &jwk)
{
    const QJsonValue id = jwk["kid"_L1];
    const QJsonValue algorithm = jwk["alg"_L1];
    const JwtAlgorithmFacts *only = findJwtAlgorithm(algorithm.toString());
    const bool isNamed = id.isString() && id.toString().size() <= longestId;
    if (!isForVerifying(jwk) || jwk.contains("d"_L1) || (!id.isUndefined() && !isNamed)
        || (!algorithm.isUndefined() && !only)) {
        return std::nullopt;
    }
    auto key = publicKeyOf(jwk);
    if (!key || (only && only->key != key->kind())) {
        return std::nullopt;
    }
    return Entry{isNamed ? std::optional(id.toString()) : std::nullopt, only, *std::move(key)};
}

std::expected<KeySet, QString> KeySet::parse(QByteArrayView document)
{
    if (document.size() > largestDocument) {
        return std::unexpected(u"it has more than %1 bytes"_s.arg(largestDocument));
    }
    const auto root = parseStrictObject(document);
    if (!root || !(*root)["keys"_L1].isArray()) {
        return std::unexpected(u"it is no JSON object with an array 'keys'"_s);
    }
    const QJsonArray keys = (*root)["keys"_L1].toArray();
    if (keys.size() > mostKeys) {
        return std::unexpected(u"it has more than %1 keys"_s.arg(mostKeys));
    }
    KeySet set;
    for (const QJsonValue &each : keys) {
        auto entry = readKey(each.toObject());
        if (!entry) {
            continue;
        }
        const auto isTwin = [&entry](const Entry &other) {
            return entry->id && other.id == entry->id && other.key.kind() == entry->key.kind();
        };
        if (std::ranges::any_of(set.m_keys, isTwin)) {
            return std::unexpected(u"two of its keys have the same id"_s);
        }
        set.m_keys.push_back(*std::move(entry));
    }
    if (set.m_keys.empty()) {
        return std::unexpected(u"it has no key that signatures can be checked with"_s);
    }
    return set;
}

const PublicKey *KeySet::find(const std::optional<QString> &id,
                              const JwtAlgorithmFacts &algorithm) const
{
    const PublicKey *found = nullptr;
    for (const Entry &entry : m_keys) {
        const bool fits = entry.key.kind() == algorithm.key
            && (!entry.only || entry.only->algorithm == algorithm.algorithm)
            && (!id || entry.id == id);
        if (fits && found) {
            return nullptr;
        }
        found = fits ? &entry.key : found;
    }
    return found;
}

} // namespace delta::auth

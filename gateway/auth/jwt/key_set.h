#pragma once

#include "gateway/auth/jwt/jwt_algorithm.h"
#include "gateway/auth/jwt/public_key.h"

#include <QByteArrayView>
#include <QJsonObject>
#include <QString>

#include <expected>
#include <optional>
#include <vector>

namespace delta::auth {

/// The public keys of an issuer of tokens, as its JWKS (RFC 7517) names them. Immutable; safe from
/// any thread.
class KeySet
{
public:
    /// No document is larger, and none has more keys.
    static constexpr qsizetype largestDocument = 256 * 1024;
    static constexpr qsizetype mostKeys = 100;

    /// Reads a JWKS. Left out are keys that are not for us: of another kind, for encryption, too
    /// weak, damaged, or with their private part, which everybody knows then.
    /// Errors: what is wrong with the whole, for the log: its size, its form, no key that can be
    /// used, or two of one kind with the same id, of which nobody could say which one is meant.
    [[nodiscard]] static std::expected<KeySet, QString> parse(QByteArrayView document);

    /// Returns the key of that id that fits the algorithm; without an id the only one that fits it.
    /// Null if there is none, or more than one.
    [[nodiscard]] const PublicKey *find(const std::optional<QString> &id,
                                        const JwtAlgorithmFacts &algorithm) const;
    [[nodiscard]] qsizetype size() const
    {
        return qsizetype(m_keys.size());
    }

private:
    struct Entry {
        std::optional<QString> id;
        const JwtAlgorithmFacts *only; ///< The one algorithm that it is for; null: any that fits.
        PublicKey key;
    };

    [[nodiscard]] static std::optional<Entry> readKey(const QJsonObject &jwk);

    std::vector<Entry> m_keys;
};

} // namespace delta::auth

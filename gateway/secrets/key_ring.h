#pragma once

#include "shared/core/random.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringList>

#include <expected>
#include <optional>
#include <vector>

namespace delta::secrets {

/// A key that encrypts the keys of single values.
struct SealingKey {
    QByteArray id; ///< The first eight hexadecimal digits of the key's SHA-256; no secret.
    Secret bytes;  ///< 32 bytes.
};

/// Says what to do when there is no key anywhere.
enum class IfNoKey {
    Create, ///< Only right when nothing was ever sealed.
    Fail,   ///< A new key would open nothing of what is there.
};

/// Where keys are looked for, in this order. The first place that has any is the only one.
struct KeySources {
    QString
        credentialsFolder; ///< $CREDENTIALS_DIRECTORY, with a credential "deltallm-kek"; empty: none.
    QString configuredFile; ///< Must be there if it is named; empty: none.
    QString stateFile;      ///< The only one that is ever made.
};

/// Returns the credential of systemd that the keys are; empty if they lie in a file.
[[nodiscard]] QString credentialFile(const KeySources &sources);

/// The keys that encrypt keys, newest first: the newest seals, all of them open. They never lie in the database.
/// Immutable; safe from any thread. Copies share the keys' bytes, which are overwritten at the end.
class KeyRing
{
public:
    /// What a file may have, in bytes: room for some dozens of keys with remarks.
    static constexpr qsizetype longestFile = 16'384;

    /// Returns a line of a file, with a new random key.
    [[nodiscard]] static Secret newKeyText(Random &random);
    /// Reads the keys, or makes the first one: 32 random bytes, in a file of mode 0600.
    /// A file has one key a line, in hexadecimal or base64, newest first; empty lines and those that begin with '#'
    /// do not count. Errors: a text for the operator that names the place, what is wrong and what to do.
    [[nodiscard]] static std::expected<KeyRing, QString> open(const KeySources &sources,
                                                              IfNoKey ifNoKey, Random &random);
    /// Reads the text of such a file; `place` is what people call it. Errors: as open().
    [[nodiscard]] static std::expected<KeyRing, QString> fromText(QByteArrayView text,
                                                                  const QString &place);

    /// Returns the key that new values are sealed with.
    [[nodiscard]] const SealingKey &newest() const
    {
        return m_keys.front();
    }
    /// Returns a ring of the same keys on which the one with the id seals; nothing if it is not on the ring.
    [[nodiscard]] std::optional<KeyRing> sealingWith(QByteArrayView id) const;
    /// Returns the key with the id; null if it is not on the ring. Lives as long as the ring.
    [[nodiscard]] const SealingKey *find(QByteArrayView id) const;
    /// Returns the ids of all keys, newest first.
    [[nodiscard]] QStringList ids() const;

private:
    explicit KeyRing(std::vector<SealingKey> keys);

    std::vector<SealingKey> m_keys; ///< At least one.
};

} // namespace delta::secrets

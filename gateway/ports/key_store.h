#pragma once

#include "shared/core/result.h"
#include "shared/models/virtual_key.h"

#include <QByteArray>

#include <functional>
#include <optional>
#include <vector>

namespace delta::ports {

/// A key as the store keeps it: its description and the HMAC-SHA-256 of its text.
struct StoredKey {
    VirtualKey key;
    QByteArray mac; ///< 32 bytes.
};

/// The part of the store that knows virtual keys. Used from one thread at a time.
class KeyStore
{
public:
    using Visitor = std::function<void(StoredKey key)>;

    virtual ~KeyStore() = default;
    /// Hands over one key after the other, blocked and expired ones included, without what they spent:
    /// there may be a million.
    [[nodiscard]] virtual Result<void> eachKey(const Visitor &visit) = 0;
    /// Returns all of them, with what they spent.
    [[nodiscard]] virtual Result<std::vector<StoredKey>> loadKeys() = 0;
    /// Returns the key with that id or, failing that, that alias; nothing if there is none.
    [[nodiscard]] virtual Result<std::optional<StoredKey>> findKey(const QString &idOrAlias) = 0;
    /// Returns the key with that MAC; nothing if there is none.
    [[nodiscard]] virtual Result<std::optional<StoredKey>> findKeyByMac(const QByteArray &mac) = 0;
    /// Says whether there is a key at all.
    [[nodiscard]] virtual Result<bool> hasKeys() = 0;
    /// Adds a key. Errors: InvalidRequest naming `key_alias` if another key has that alias.
    [[nodiscard]] virtual Result<void> insertKey(const StoredKey &key) = 0;
    /// Removes a key for good; its spend records stay. Returns whether it was there.
    [[nodiscard]] virtual Result<bool> removeKey(const QString &id) = 0;
    /// Returns a number that changes whenever any process changes a key.
    [[nodiscard]] virtual Result<qint64> keyVersion() = 0;
};

} // namespace delta::ports

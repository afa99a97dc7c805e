#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/rate_limits.h"
#include "shared/models/virtual_key.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QString>
#include <QtTypes>

#include <functional>
#include <optional>
#include <vector>

namespace delta::ports {

/// A key as the store keeps it: its description and the HMAC-SHA-256 of its text.
struct StoredKey {
    VirtualKey key;
    QByteArray mac; ///< 32 bytes.
};

/// What a gateway keeps in memory of a key. The views, all of UTF-8 but the MAC, are good during the visit only.
struct KeyRow {
    QByteArrayView id;
    QByteArrayView mac; ///< 32 bytes.
    QByteArrayView userId;
    QByteArrayView teamId;
    QByteArrayView organizationId;
    QByteArrayView serviceAccountId;
    QByteArrayList models; ///< Empty: all.
    QByteArrayList tags;
    QByteArrayList allowedRoutes; ///< Empty: all.
    RateLimits limits;
    std::optional<WallTime> expiresAt; ///< Absent: never.
    bool isBlocked = false;
    std::optional<bool> storesContent; ///< Absent: as its organisation says.
};

/// A text of a key that another took the place of, and that is still good for a while.
struct RetiredSecret {
    QByteArray mac;        ///< 32 bytes; so the next.
    QByteArray currentMac; ///< Of the key's text now.
    WallTime endsAt{};     ///< From then on it is unknown.
};

/// A place in the history of all changes of keys.
struct KeyMark {
    qint64 version = 0; ///< Higher for a later change.
    /// A number by chance that each change has, so that no other history has the same mark: not that of a backup
    /// which took the place of the store, nor that of a standby which lacks the last changes.
    qint64 stamp = 0;

    bool operator==(const KeyMark &) const = default;
};

/// Keys that changed, as they are now.
struct KeyChanges {
    struct Change {
        QString id;
        std::optional<StoredKey> key; ///< Without its spend. Absent: there is no such key any more.
    };

    KeyMark until; ///< The newest change that is in here.
    std::vector<Change> changes;
};

/// The part of the store that knows virtual keys. Used from one thread at a time.
class KeyStore
{
public:
    using Visitor = std::function<void(const KeyRow &key)>;

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
    /// Returns the texts that are good beside those of the keys, past ones included.
    [[nodiscard]] virtual Result<std::vector<RetiredSecret>> retiredSecrets() = 0;
    /// Returns a number that changes whenever any process changes one of these.
    [[nodiscard]] virtual Result<qint64> retiredVersion() = 0;
    /// Returns the newest change of a key by any process.
    [[nodiscard]] virtual Result<KeyMark> keyMark() = 0;
    /// Returns what any process changed after a mark, seen at one moment: each key at least once that was added,
    /// changed or removed by a transaction which this moment sees and that of the mark did not. Nothing if the store
    /// does not know, because too much changed or the mark is of another history; then all keys are to be read.
    [[nodiscard]] virtual Result<std::optional<KeyChanges>> keyChangesSince(
        const KeyMark &mark) = 0;
};

} // namespace delta::ports

#pragma once

#include "gateway/auth/pepper.h"
#include "gateway/ports/key_store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <QByteArrayList>
#include <QString>
#include <QStringList>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace delta::auth::test {

/// A clock that stands still until it is told to move.
class StoppedClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steady() const override
    {
        return SteadyTime(now.time_since_epoch());
    }
    [[nodiscard]] WallTime wall() const override
    {
        return now;
    }

    WallTime now{std::chrono::milliseconds(1'800'000'000'000)};
};

/// Random bytes that count upwards.
class CountingRandom final : public Random
{
public:
    void fill(std::span<std::byte> target) override
    {
        for (std::byte &byte : target) {
            byte = std::byte{m_next++};
        }
    }

private:
    unsigned char m_next = 0;
};

/// A store that hands out a list and counts who asks.
class ListKeyStore final : public ports::KeyStore
{
public:
    [[nodiscard]] Result<void> eachKey(const Visitor &visit) override
    {
        ++fullReads;
        TRY(const std::vector<ports::StoredKey> all, loadKeys());
        for (const ports::StoredKey &each : all) {
            visitRow(each, visit);
        }
        return {};
    }
    [[nodiscard]] Result<std::vector<ports::StoredKey>> loadKeys() override
    {
        ++calls;
        if (isDown) {
            return failure(ApiError::storeUnavailable(QStringLiteral("down")));
        }
        return keys;
    }
    [[nodiscard]] Result<std::optional<ports::StoredKey>> findKey(const QString &idOrAlias) override
    {
        return findIf([&idOrAlias](const ports::StoredKey &each) {
            return each.key.id == idOrAlias || each.key.alias == idOrAlias;
        });
    }
    [[nodiscard]] Result<std::optional<ports::StoredKey>> findKeyByMac(
        const QByteArray &mac) override
    {
        return findIf([&mac](const ports::StoredKey &each) { return each.mac == mac; });
    }
    [[nodiscard]] Result<bool> hasKeys() override
    {
        ++calls;
        return !keys.empty();
    }
    [[nodiscard]] Result<void> insertKey(const ports::StoredKey &key) override
    {
        ++calls;
        if (!takesKeys) {
            return failure(ApiError::storeUnavailable(QStringLiteral("full")));
        }
        keys.push_back(key);
        return {};
    }
    [[nodiscard]] Result<bool> removeKey(const QString &id) override
    {
        ++calls;
        if (!removesKeys) {
            return failure(ApiError::storeUnavailable(QStringLiteral("read-only")));
        }
        return std::erase_if(keys,
                             [&id](const ports::StoredKey &each) { return each.key.id == id; })
            > 0;
    }
    [[nodiscard]] Result<ports::KeyMark> keyMark() override
    {
        ++calls;
        return ports::KeyMark{.version = static_cast<qint64>(changed.size()), .stamp = stamp};
    }
    [[nodiscard]] Result<std::optional<ports::KeyChanges>> keyChangesSince(
        const ports::KeyMark &mark) override
    {
        TRY(const ports::KeyMark newest, keyMark());
        if (isDown) {
            return failure(ApiError::storeUnavailable(QStringLiteral("down")));
        }
        if (mark.stamp != newest.stamp) {
            return std::nullopt;
        }
        ports::KeyChanges since{.until = newest, .changes = {}};
        for (qsizetype index = mark.version; index < changed.size(); ++index) {
            TRY(auto key, findKey(changed[index]));
            since.changes.push_back({changed[index], std::move(key)});
        }
        return since;
    }

    [[nodiscard]] Result<std::vector<ports::RetiredSecret>> retiredSecrets() override
    {
        return retired;
    }
    [[nodiscard]] Result<qint64> retiredVersion() override
    {
        return static_cast<qint64>(retired.size());
    }

    std::vector<ports::StoredKey> keys;
    std::vector<ports::RetiredSecret> retired;
    bool isDown = false; ///< It does not even load keys.
    bool takesKeys = true;
    bool removesKeys = true;
    int calls = 0;
    int fullReads = 0;
    QStringList changed; ///< Ids of keys, as another process changed them.
    qint64 stamp = 7;    ///< Of the history.

private:
    static void visitRow(const ports::StoredKey &stored, const Visitor &visit)
    {
        const QByteArrayList texts{stored.key.id.toUtf8(), stored.key.userId.toUtf8(),
                                   stored.key.teamId.toUtf8(), stored.key.organizationId.toUtf8(),
                                   stored.key.serviceAccountId.toUtf8()};
        ports::KeyRow row{.id = texts[0],
                          .mac = stored.mac,
                          .userId = texts[1],
                          .teamId = texts[2],
                          .organizationId = texts[3],
                          .serviceAccountId = texts[4],
                          .models = {},
                          .tags = {},
                          .allowedRoutes = {},
                          .limits = stored.key.limits,
                          .expiresAt = stored.key.expiresAt,
                          .isBlocked = stored.key.blocked,
                          .storesContent = stored.key.storesContent};
        for (const QString &model : stored.key.models) {
            row.models.append(model.toUtf8());
        }
        for (const QString &tag : stored.key.tags) {
            row.tags.append(tag.toUtf8());
        }
        visit(row);
    }
    [[nodiscard]] Result<std::optional<ports::StoredKey>> findIf(const auto &isWanted)
    {
        ++calls;
        const auto key = std::ranges::find_if(keys, isWanted);
        return key == keys.end() ? std::nullopt : std::optional(*key);
    }
};

/// A pepper of the bytes 0 to 31.
inline Pepper fixedPepper()
{
    std::array<std::byte, 32> bytes{};
    CountingRandom().fill(bytes);
    return Pepper(bytes);
}

/// Makes what the store keeps of a key with that text.
inline ports::StoredKey storedKey(const Pepper &pepper, QByteArrayView text, VirtualKey key)
{
    const KeyMac mac = pepper.mac(text);
    return {std::move(key),
            QByteArray(reinterpret_cast<const char *>(mac.data()), qsizetype(mac.size()))};
}

} // namespace delta::auth::test

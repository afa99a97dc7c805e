#pragma once

#include "gateway/auth/pepper.h"
#include "gateway/ports/key_store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

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
        TRY(const std::vector<ports::StoredKey> all, loadKeys());
        std::ranges::for_each(all, visit);
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
    [[nodiscard]] Result<qint64> keyVersion() override
    {
        ++calls;
        return 1;
    }

    std::vector<ports::StoredKey> keys;
    bool isDown = false; ///< It does not even load keys.
    bool takesKeys = true;
    bool removesKeys = true;
    int calls = 0;

private:
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

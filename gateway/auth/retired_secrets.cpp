#include "gateway/auth/retired_secrets.h"

#include <cstring>
#include <utility>

namespace delta::auth {

namespace {

std::optional<KeyMac> macOf(const QByteArray &bytes)
{
    KeyMac mac{};
    if (bytes.size() != static_cast<qsizetype>(mac.size())) {
        return std::nullopt; // Nobody can show a text for what is damaged.
    }
    std::memcpy(mac.data(), bytes.constData(), mac.size());
    return mac;
}

} // namespace

std::size_t RetiredSecrets::Hash::operator()(const KeyMac &mac) const
{
    std::size_t hash = 0;
    std::memcpy(&hash, mac.data(), sizeof hash);
    return hash;
}

Result<void> RetiredSecrets::refresh(ports::KeyStore &store)
{
    TRY(const qint64 version, store.retiredVersion());
    if (m_version == version) {
        return {};
    }
    // The version was read before the secrets: what changes in between is read once more.
    TRY(const std::vector<ports::RetiredSecret> stored, store.retiredSecrets());
    auto table = std::make_shared<Table>();
    for (const ports::RetiredSecret &secret : stored) {
        const auto mac = macOf(secret.mac);
        const auto current = macOf(secret.currentMac);
        if (mac && current) {
            table->emplace(*mac, Retired{*current, secret.endsAt});
        }
    }
    m_table.store(std::move(table), std::memory_order_release);
    m_version = version;
    return {};
}

std::optional<KeyMac> RetiredSecrets::currentOf(const KeyMac &mac, WallTime now) const
{
    const std::shared_ptr<const Table> table = m_table.load(std::memory_order_acquire);
    const auto found = table->find(mac);
    return found != table->end() && now < found->second.endsAt
        ? std::optional(found->second.current)
        : std::nullopt;
}

} // namespace delta::auth

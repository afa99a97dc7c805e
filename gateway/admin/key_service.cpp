#include "gateway/admin/key_service.h"

#include "gateway/auth/key_format.h"

#include <algorithm>
#include <utility>

namespace delta::admin {

namespace {

QByteArray bytesOf(const auth::KeyMac &mac)
{
    return {reinterpret_cast<const char *>(mac.data()), static_cast<qsizetype>(mac.size())};
}

} // namespace

Result<CreatedKey> KeyService::create(VirtualKey wish)
{
    TRY_VOID(wish.validate());
    const auth::IssuedKey issued = auth::issueKey(m_parts.random);
    wish.id = QString::fromLatin1(issued.id);
    wish.hint = QString::fromLatin1(issued.text.hint());
    wish.createdAt = m_parts.clock.wall();
    wish.spend = {};
    const ports::StoredKey stored{wish, bytesOf(m_parts.pepper.mac(issued.text.reveal()))};
    TRY_VOID(m_parts.store.insertKey(stored));
    if (m_parts.directory) {
        TRY_VOID(m_parts.directory->put(stored));
    }
    return CreatedKey{std::move(wish), issued.text};
}

Result<std::optional<VirtualKey>> KeyService::find(const QString &name)
{
    if (!auth::looksLikeOurs(name.toUtf8())) {
        TRY(auto stored, m_parts.store.findKey(name));
        return stored ? std::optional(std::move(stored->key)) : std::nullopt;
    }
    const QByteArray mac = bytesOf(m_parts.pepper.mac(name.toUtf8()));
    TRY(auto keys, m_parts.store.loadKeys());
    const auto found = std::ranges::find(keys, mac, &ports::StoredKey::mac);
    return found == keys.end() ? std::nullopt : std::optional(std::move(found->key));
}

Result<bool> KeyService::revoke(const QString &name)
{
    TRY(const std::optional<VirtualKey> key, find(name));
    if (!key) {
        return false;
    }
    TRY(const bool wasThere, m_parts.store.removeKey(key->id));
    if (m_parts.directory) {
        m_parts.directory->remove(key->id);
    }
    return wasThere;
}

Result<std::vector<VirtualKey>> KeyService::list()
{
    TRY(auto stored, m_parts.store.loadKeys());
    std::vector<VirtualKey> keys;
    keys.reserve(stored.size());
    for (ports::StoredKey &entry : stored) {
        keys.push_back(std::move(entry.key));
    }
    std::ranges::sort(keys, std::greater(), &VirtualKey::createdAt);
    return keys;
}

} // namespace delta::admin

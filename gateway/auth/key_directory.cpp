#include "gateway/auth/key_directory.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <cstring>

namespace delta::auth {

namespace {

/// Lets equal texts share one buffer.
class Interner
{
public:
    void intern(VirtualKey &key)
    {
        key.userId = *m_texts.insert(key.userId);
        key.teamId = *m_texts.insert(key.teamId);
        key.organizationId = *m_texts.insert(key.organizationId);
        key.tags = *m_lists.insert(key.tags);
        key.models = *m_lists.insert(key.models);
    }

private:
    QSet<QString> m_texts;
    QSet<QStringList> m_lists;
};

std::uint64_t hashOf(const KeyMac &mac)
{
    std::uint64_t hash = 0;
    std::memcpy(&hash, mac.data(), sizeof hash);
    return hash;
}

} // namespace

/// What load() builds before anybody sees it.
struct KeyDirectory::Tables {
    std::array<MacTable, shardCount> macs;
    IdTable ids;

    explicit Tables(qsizetype count)
    {
        ids.reserve(count);
    }
    void add(EntryPointer entry)
    {
        ids.insert(entry.get());
        macs[shardOf(entry->mac)].insert(std::move(entry));
    }
};

std::uint64_t KeyDirectory::hashOfMac(const Entry &entry)
{
    return hashOf(entry.mac);
}

std::uint64_t KeyDirectory::hashOfId(const Entry &entry)
{
    return qHash(entry.key.id);
}

/// Uses other bytes than hashOf(), or each shard would fill a part of its table only.
std::size_t KeyDirectory::shardOf(const KeyMac &mac)
{
    return mac.back() % shardCount;
}

Result<KeyDirectory::EntryPointer> KeyDirectory::makeEntry(const ports::StoredKey &stored)
{
    auto entry = std::make_shared<Entry>();
    if (stored.mac.size() != static_cast<qsizetype>(entry->mac.size())) {
        return failure(ApiError::storeUnavailable(
            QStringLiteral("The stored key %1 is damaged; delete it and issue a new one.")
                .arg(stored.key.id)));
    }
    entry->key = stored.key;
    std::ranges::copy(stored.mac, entry->mac.begin());
    return entry;
}

Result<void> KeyDirectory::load(ports::KeyStore &store, const BeforeUse &before)
{
    // Held while the store is read: a put() or remove() of meanwhile then acts on what was read.
    const std::scoped_lock writeLock(m_writeMutex);
    TRY(std::vector<ports::StoredKey> keys, store.loadKeys());
    Tables tables(static_cast<qsizetype>(keys.size()));
    Interner interner;
    for (ports::StoredKey &stored : keys) {
        interner.intern(stored.key);
        TRY(EntryPointer entry, makeEntry(stored));
        tables.add(std::move(entry));
    }
    if (before) {
        TRY_VOID(before());
    }
    for (std::size_t index = 0; index < shardCount; ++index) {
        const std::unique_lock shardLock(m_shards[index].mutex);
        std::swap(m_shards[index].entries, tables.macs[index]);
    }
    std::swap(m_ids, tables.ids);
    return {};
}

Result<void> KeyDirectory::put(const ports::StoredKey &key)
{
    TRY(EntryPointer entry, makeEntry(key));
    const std::scoped_lock writeLock(m_writeMutex);
    const Entry *old = entryOfId(key.key.id);
    const Entry *fresh = entry.get();
    {
        Shard &shard = m_shards[shardOf(entry->mac)];
        const std::unique_lock shardLock(shard.mutex);
        shard.entries.insert(std::move(entry));
    }
    // Only now: a reader must never find a valid key missing.
    if (old != nullptr) {
        forget(*old);
    }
    m_ids.insert(fresh);
    return {};
}

bool KeyDirectory::remove(const QString &id)
{
    const std::scoped_lock writeLock(m_writeMutex);
    const Entry *entry = entryOfId(id);
    if (entry == nullptr) {
        return false;
    }
    forget(*entry);
    return true;
}

KeyDirectory::KeyPointer KeyDirectory::lookup(const KeyMac &mac) const
{
    const Shard &shard = m_shards[shardOf(mac)];
    const std::shared_lock lock(shard.mutex);
    const EntryPointer *slot = shard.entries.find(
        hashOf(mac), [&mac](const EntryPointer &entry) { return isSameMac(entry->mac, mac); });
    return slot == nullptr ? nullptr : KeyPointer(*slot, &(*slot)->key);
}

KeyDirectory::KeyPointer KeyDirectory::find(const QString &id) const
{
    const std::scoped_lock writeLock(m_writeMutex);
    const Entry *entry = entryOfId(id);
    return entry == nullptr ? nullptr : lookup(entry->mac);
}

qsizetype KeyDirectory::size() const
{
    const std::scoped_lock writeLock(m_writeMutex);
    return m_ids.size();
}

const KeyDirectory::Entry *KeyDirectory::entryOfId(const QString &id) const
{
    const Entry *const *slot = m_ids.find(
        qHash(id), [&id](const Entry *entry) { return entry->key.id == id; });
    return slot == nullptr ? nullptr : *slot;
}

/// Removes the entry from both tables; only calls that hold it keep it alive.
void KeyDirectory::forget(const Entry &entry)
{
    m_ids.erase(
        m_ids.find(hashOfId(entry), [&entry](const Entry *each) { return each == &entry; }));
    Shard &shard = m_shards[shardOf(entry.mac)];
    const std::unique_lock shardLock(shard.mutex);
    shard.entries.erase(shard.entries.find(
        hashOf(entry.mac), [&entry](const auto &each) { return each.get() == &entry; }));
}

} // namespace delta::auth

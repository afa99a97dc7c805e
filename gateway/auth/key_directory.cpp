#include "gateway/auth/key_directory.h"

#include <QHash>
#include <QHashFunctions>
#include <QSet>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace delta::auth {

namespace {

KeyTerms termsOf(const VirtualKey &key)
{
    KeyTerms terms{{}, key.tags.join(u'\n').toUtf8(), key.limits};
    for (const QString &model : key.models) {
        terms.models.append(model.toUtf8());
    }
    return terms;
}

std::uint64_t hashOf(const KeyMac &mac)
{
    std::uint64_t hash = 0;
    std::memcpy(&hash, mac.data(), sizeof hash);
    return hash;
}

} // namespace

/// Lets what is equal be stored once.
class KeyDirectory::Interner
{
public:
    QByteArray text(const QString &text)
    {
        return *m_texts.insert(text.toUtf8());
    }
    std::shared_ptr<const KeyTerms> terms(const VirtualKey &key)
    {
        KeyTerms wanted = termsOf(key);
        auto &alike = m_terms[qHashMulti(0, wanted.models, wanted.tags)];
        const auto found = std::ranges::find_if(
            alike, [&wanted](const auto &terms) { return *terms == wanted; });
        return found != alike.end()
            ? *found
            : alike.emplace_back(std::make_shared<const KeyTerms>(std::move(wanted)));
    }

private:
    QSet<QByteArray> m_texts;
    QHash<std::size_t, std::vector<std::shared_ptr<const KeyTerms>>> m_terms;
};

/// What load() builds before anybody sees it.
struct KeyDirectory::Tables {
    std::array<MacTable, shardCount> macs;
    IdTable ids;

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

Result<KeyDirectory::EntryPointer> KeyDirectory::makeEntry(const ports::StoredKey &stored,
                                                           Interner &interner)
{
    auto entry = std::make_shared<Entry>();
    const VirtualKey &key = stored.key;
    if (stored.mac.size() != static_cast<qsizetype>(entry->mac.size())) {
        return failure(ApiError::storeUnavailable(
            QStringLiteral("The stored key %1 is damaged; delete it and issue a new one.")
                .arg(key.id)));
    }
    entry->key = {key.id.toUtf8(),
                  interner.text(key.userId),
                  interner.text(key.teamId),
                  interner.text(key.organizationId),
                  interner.terms(key),
                  key.expiresAt.value_or(WallTime::max()),
                  key.blocked};
    std::ranges::copy(stored.mac, entry->mac.begin());
    return entry;
}

Result<void> KeyDirectory::load(ports::KeyStore &store, const BeforeUse &before)
{
    // Held while the store is read: a put() or remove() of meanwhile then acts on what was read.
    const std::scoped_lock writeLock(m_writeMutex);
    Tables tables;
    Interner interner;
    Result<void> made;
    TRY_VOID(store.eachKey([&](const ports::StoredKey &stored) {
        made = made.and_then([&] { return makeEntry(stored, interner); })
                   .transform([&tables](EntryPointer entry) { tables.add(std::move(entry)); });
    }));
    TRY_VOID(made);
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
    Interner alone;
    TRY(EntryPointer entry, makeEntry(key, alone));
    const std::scoped_lock writeLock(m_writeMutex);
    const Entry *old = entryOfId(entry->key.id);
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
    const Entry *entry = entryOfId(id.toUtf8());
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
    const Entry *entry = entryOfId(id.toUtf8());
    return entry == nullptr ? nullptr : lookup(entry->mac);
}

qsizetype KeyDirectory::size() const
{
    const std::scoped_lock writeLock(m_writeMutex);
    return m_ids.size();
}

const KeyDirectory::Entry *KeyDirectory::entryOfId(const QByteArray &id) const
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

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

/// The row of a stored key, and the texts that it refers to.
class RowOfKey
{
public:
    explicit RowOfKey(const ports::StoredKey &stored)
        : m_texts{stored.key.id.toUtf8(), stored.key.userId.toUtf8(), stored.key.teamId.toUtf8(),
                  stored.key.organizationId.toUtf8(), stored.key.serviceAccountId.toUtf8()}
        , m_row{.id = m_texts[0],
                .mac = stored.mac,
                .userId = m_texts[1],
                .teamId = m_texts[2],
                .organizationId = m_texts[3],
                .serviceAccountId = m_texts[4],
                .models = bytesOf(stored.key.models),
                .tags = bytesOf(stored.key.tags),
                .allowedRoutes = bytesOf(stored.key.allowedRoutes),
                .limits = stored.key.limits,
                .expiresAt = stored.key.expiresAt,
                .isBlocked = stored.key.blocked,
                .storesContent = stored.key.storesContent}
    {
    }
    Q_DISABLE_COPY_MOVE(RowOfKey)

    /// Good for as long as this and the stored key are.
    [[nodiscard]] const ports::KeyRow &row() const
    {
        return m_row;
    }

private:
    static QByteArrayList bytesOf(const QStringList &texts)
    {
        QByteArrayList list;
        for (const QString &text : texts) {
            list.append(text.toUtf8());
        }
        return list;
    }

    const std::array<QByteArray, 5> m_texts;
    const ports::KeyRow m_row;
};

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
    explicit Interner(const std::shared_ptr<const KeyTerms> &freeTerms)
    {
        learn(freeTerms);
    }

    /// Offers what a key has to others.
    void learn(const KeyFacts &key)
    {
        for (const QByteArray &text :
             {key.userId, key.teamId, key.organizationId, key.serviceAccountId}) {
            m_texts.insert(text);
        }
        learn(key.terms);
    }
    QByteArray text(QByteArrayView wanted)
    {
        if (wanted.isEmpty()) {
            return {};
        }
        const auto known = m_texts.constFind(QByteArray::fromRawData(wanted.data(), wanted.size()));
        return known != m_texts.cend() ? *known : *m_texts.insert(wanted.toByteArray());
    }
    std::shared_ptr<const KeyTerms> terms(const ports::KeyRow &row)
    {
        KeyTerms wanted{row.models, row.tags.join('\n'), row.allowedRoutes, row.limits,
                        row.storesContent};
        if (*m_latest == wanted) {
            return m_latest; // Keys that were made together are mostly alike.
        }
        const auto &alike = m_terms[hashOf(wanted)];
        const auto found = std::ranges::find_if(
            alike, [&wanted](const auto &terms) { return *terms == wanted; });
        learn(found != alike.end() ? *found : std::make_shared<const KeyTerms>(std::move(wanted)));
        return m_latest;
    }

private:
    static std::size_t hashOf(const KeyTerms &terms)
    {
        return qHashMulti(0, terms.models, terms.tags, terms.allowedRoutes);
    }
    void learn(std::shared_ptr<const KeyTerms> terms)
    {
        auto &alike = m_terms[hashOf(*terms)];
        if (!std::ranges::contains(alike, terms)) {
            alike.push_back(terms);
        }
        m_latest = std::move(terms);
    }

    QSet<QByteArray> m_texts;
    QHash<std::size_t, std::vector<std::shared_ptr<const KeyTerms>>> m_terms;
    std::shared_ptr<const KeyTerms> m_latest; ///< Never null.
};

/// What load() builds before anybody sees it.
struct KeyDirectory::Tables {
    std::array<MacTable, shardCount> macs;
    IdTable ids;

    /// Makes tables that are just large enough.
    explicit Tables(std::vector<EntryPointer> entries)
    {
        std::array<qsizetype, shardCount> counts{};
        for (const EntryPointer &entry : entries) {
            ++counts[shardOf(entry->mac)];
        }
        for (std::size_t index = 0; index < shardCount; ++index) {
            macs[index].reserve(counts[index]);
        }
        ids.reserve(static_cast<qsizetype>(entries.size()));
        for (EntryPointer &entry : entries) {
            ids.insert(entry.get());
            macs[shardOf(entry->mac)].insert(std::move(entry));
        }
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

Result<KeyDirectory::EntryPointer> KeyDirectory::makeEntry(const ports::KeyRow &row,
                                                           Interner &interner)
{
    auto entry = std::make_shared<Entry>();
    if (row.mac.size() != static_cast<qsizetype>(entry->mac.size())) {
        return failure(ApiError::storeUnavailable(
            QStringLiteral("The stored key %1 is damaged; delete it and issue a new one.")
                .arg(QString::fromUtf8(row.id))));
    }
    entry->key = {row.id.toByteArray(),
                  interner.text(row.userId),
                  interner.text(row.teamId),
                  interner.text(row.organizationId),
                  interner.text(row.serviceAccountId),
                  interner.terms(row),
                  row.expiresAt.value_or(WallTime::max()),
                  row.isBlocked};
    std::memcpy(entry->mac.data(), row.mac.data(), entry->mac.size());
    return entry;
}

Result<void> KeyDirectory::load(ports::KeyStore &store, const BeforeUse &before)
{
    // Held while the store is read: a put() or remove() of meanwhile then acts on what was read.
    const std::scoped_lock writeLock(m_writeMutex);
    return loadAll(store, before);
}

Result<void> KeyDirectory::loadAll(ports::KeyStore &store, const BeforeUse &before)
{
    // Read before the keys: what changes in between is read once more by the next refresh().
    TRY(const ports::KeyMark mark, store.keyMark());
    std::vector<EntryPointer> entries;
    Interner interner(m_freeTerms);
    Result<void> made;
    TRY_VOID(store.eachKey([&](const ports::KeyRow &row) {
        made = made.and_then([&] { return makeEntry(row, interner); })
                   .transform(
                       [&entries](EntryPointer entry) { entries.push_back(std::move(entry)); });
    }));
    TRY_VOID(made);
    Tables tables(std::move(entries));
    if (before) {
        TRY_VOID(before());
    }
    for (std::size_t index = 0; index < shardCount; ++index) {
        const std::unique_lock shardLock(m_shards[index].mutex);
        std::swap(m_shards[index].entries, tables.macs[index]);
    }
    std::swap(m_ids, tables.ids);
    m_mark = mark;
    return {};
}

Result<void> KeyDirectory::refresh(ports::KeyStore &store, const BeforeUse &before)
{
    const std::scoped_lock writeLock(m_writeMutex);
    if (!m_mark) {
        return loadAll(store, before);
    }
    TRY(const std::optional<ports::KeyChanges> changed, store.keyChangesSince(*m_mark));
    return changed ? apply(*changed, before) : loadAll(store, before);
}

Result<void> KeyDirectory::apply(const ports::KeyChanges &changed, const BeforeUse &before)
{
    TRY(std::vector<EntryPointer> fresh, makeEntries(changed));
    if (before) {
        TRY_VOID(before());
    }
    // First, for a key that got another id keeps its text: it takes the place of the old one, and is never missing.
    for (EntryPointer &entry : fresh) {
        place(std::move(entry));
    }
    for (const ports::KeyChanges::Change &change : changed.changes) {
        const Entry *const gone = change.key ? nullptr : entryOfId(change.id.toUtf8());
        if (gone != nullptr) {
            forget(*gone);
        }
    }
    m_mark = changed.until;
    return {};
}

Result<std::vector<KeyDirectory::EntryPointer>> KeyDirectory::makeEntries(
    const ports::KeyChanges &changed)
{
    Interner interner(m_freeTerms);
    std::vector<EntryPointer> entries;
    for (const ports::KeyChanges::Change &change : changed.changes) {
        if (!change.key) {
            continue;
        }
        if (const Entry *const old = entryOfId(change.id.toUtf8())) {
            interner.learn(old->key);
        }
        TRY(EntryPointer entry, makeEntry(RowOfKey(*change.key).row(), interner));
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::optional<ports::KeyMark> KeyDirectory::mark() const
{
    const std::scoped_lock writeLock(m_writeMutex);
    return m_mark;
}

Result<void> KeyDirectory::put(const ports::StoredKey &key)
{
    Interner alone(m_freeTerms);
    TRY(EntryPointer entry, makeEntry(RowOfKey(key).row(), alone));
    const std::scoped_lock writeLock(m_writeMutex);
    place(std::move(entry));
    return {};
}

/// Puts an entry in the place of what has its id or its text. A store has no two keys with one text, so another that
/// had it has another one now, or is gone.
void KeyDirectory::place(EntryPointer entry)
{
    const Entry *const fresh = entry.get();
    const Entry *const sameId = entryOfId(fresh->key.id);
    EntryPointer sameText; // Dies after all that points to it, and outside the lock.
    {
        Shard &shard = m_shards[shardOf(fresh->mac)];
        const std::unique_lock shardLock(shard.mutex);
        const EntryPointer *const slot = slotOf(shard.entries, fresh->mac);
        if (slot != nullptr) {
            sameText = shard.entries.exchange(slot, std::move(entry));
        } else {
            shard.entries.insert(std::move(entry));
        }
    }
    if (sameText) {
        forgetId(*sameText);
    }
    // Only now: a reader must never find a valid key missing.
    if (sameId != nullptr && sameId != sameText.get()) {
        forget(*sameId);
    }
    m_ids.insert(fresh);
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
    const EntryPointer *const slot = slotOf(shard.entries, mac);
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

const KeyDirectory::EntryPointer *KeyDirectory::slotOf(const MacTable &entries, const KeyMac &mac)
{
    return entries.find(hashOf(mac),
                        [&mac](const EntryPointer &entry) { return isSameMac(entry->mac, mac); });
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
    forgetId(entry);
    Shard &shard = m_shards[shardOf(entry.mac)];
    const std::unique_lock shardLock(shard.mutex);
    shard.entries.erase(shard.entries.find(
        hashOf(entry.mac), [&entry](const auto &each) { return each.get() == &entry; }));
}

void KeyDirectory::forgetId(const Entry &entry)
{
    m_ids.erase(
        m_ids.find(hashOfId(entry), [&entry](const Entry *each) { return each == &entry; }));
}

} // namespace delta::auth

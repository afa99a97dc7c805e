#pragma once

#include "gateway/auth/key_facts.h"
#include "gateway/auth/pepper.h"
#include "gateway/auth/slot_table.h"
#include "gateway/ports/key_store.h"

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <vector>

namespace delta::auth {

/// All virtual keys, in memory, by the MAC of their text: a lookup never asks the database, so
/// unknown keys cost it nothing and leave nothing behind. Safe from any thread.
///
/// Sixty-four shards, each with a lock of its own, keep readers of different keys apart. A key costs 260
/// bytes at most, its id included; equal user, team and organisation ids are stored once per load(), and so
/// are equal terms, and those of keys without any limit always are.
class KeyDirectory
{
public:
    using KeyPointer = std::shared_ptr<const KeyFacts>;
    /// What has to be done between the reading of keys and their first use.
    using BeforeUse = std::function<Result<void>()>;

    /// Replaces everything by what the store holds. Readers see each key in its old or its new
    /// state, never missing. Errors: the store's; StoreUnavailable naming a key whose MAC is
    /// damaged; that of `before`.
    /// After an error nothing has changed.
    [[nodiscard]] Result<void> load(ports::KeyStore &store, const BeforeUse &before = {});
    /// Brings in what any process changed since the last load() or refresh(), and nothing else; loads everything
    /// where that cannot be known. Readers see each key in its old or its new state. Errors: as of load().
    [[nodiscard]] Result<void> refresh(ports::KeyStore &store, const BeforeUse &before = {});
    /// Returns up to which change the store's keys are in here; nothing before the first load().
    [[nodiscard]] std::optional<ports::KeyMark> mark() const;
    /// Adds a key, or replaces the one with the same id, whose old text then is unknown at once.
    /// Errors: StoreUnavailable if the MAC is not 32 bytes.
    [[nodiscard]] Result<void> put(const ports::StoredKey &key);
    /// Forgets a key. Returns whether it was there.
    bool remove(const QString &id);

    /// Returns the key with that MAC, blocked or expired as it may be; null if there is none.
    [[nodiscard]] KeyPointer lookup(const KeyMac &mac) const;
    /// Returns the key with that id; null if there is none.
    [[nodiscard]] KeyPointer find(const QString &id) const;
    [[nodiscard]] qsizetype size() const;

private:
    struct Entry {
        KeyFacts key;
        KeyMac mac{};
    };
    using EntryPointer = std::shared_ptr<const Entry>;

    static std::uint64_t hashOfMac(const Entry &entry);
    static std::uint64_t hashOfId(const Entry &entry);

    using MacTable = SlotTable<EntryPointer, hashOfMac>;
    using IdTable = SlotTable<const Entry *, hashOfId>;

    static constexpr std::size_t shardCount = 64;

    struct alignas(64) Shard {
        mutable std::shared_mutex mutex;
        MacTable entries;
    };

    struct Tables;
    class Interner;

    static Result<EntryPointer> makeEntry(const ports::KeyRow &row, Interner &interner);
    [[nodiscard]] Result<void> loadAll(ports::KeyStore &store, const BeforeUse &before);
    [[nodiscard]] Result<void> apply(const ports::KeyChanges &changed, const BeforeUse &before);
    [[nodiscard]] Result<std::vector<EntryPointer>> makeEntries(const ports::KeyChanges &changed);
    static std::size_t shardOf(const KeyMac &mac);
    static const EntryPointer *slotOf(const MacTable &entries, const KeyMac &mac);
    [[nodiscard]] const Entry *entryOfId(const QByteArray &id) const;
    void place(EntryPointer entry);
    void forget(const Entry &entry);
    void forgetId(const Entry &entry);

    /// Of all keys that may do anything.
    const std::shared_ptr<const KeyTerms> m_freeTerms = std::make_shared<const KeyTerms>();
    std::array<Shard, shardCount> m_shards;
    mutable std::mutex m_writeMutex; ///< Taken before a shard's; readers of MACs never take it.
    IdTable m_ids; ///< Points into the shards. Guarded by m_writeMutex, as is the next.
    std::optional<ports::KeyMark> m_mark; ///< Nothing before the first load().
};

} // namespace delta::auth

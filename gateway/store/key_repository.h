#pragma once

#include "gateway/ports/key_store.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QLatin1StringView>
#include <QString>
#include <QVariant>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// The table of virtual keys. See ports::KeyStore for the functions.
class KeyRepository
{
public:
    /// `database` must outlive the repository.
    explicit KeyRepository(Database &database)
        : m_database(database)
    {
    }
    KeyRepository(const KeyRepository &) = delete;
    KeyRepository &operator=(const KeyRepository &) = delete;

    [[nodiscard]] Result<void> each(const ports::KeyStore::Visitor &visit);
    [[nodiscard]] Result<std::vector<ports::StoredKey>> loadAll();
    [[nodiscard]] Result<bool> hasAny();
    [[nodiscard]] Result<std::optional<ports::StoredKey>> find(const QString &idOrAlias);
    [[nodiscard]] Result<std::optional<ports::StoredKey>> findByMac(const QByteArray &mac);
    [[nodiscard]] Result<void> insert(const ports::StoredKey &key);
    [[nodiscard]] Result<bool> remove(const QString &id);
    [[nodiscard]] Result<std::vector<ports::RetiredSecret>> retiredSecrets();
    [[nodiscard]] Result<qint64> retiredVersion();
    [[nodiscard]] Result<ports::KeyMark> mark();
    [[nodiscard]] Result<std::optional<ports::KeyChanges>> changesSince(const ports::KeyMark &mark);

private:
    [[nodiscard]] Result<std::optional<ports::StoredKey>> findBy(QLatin1StringView query,
                                                                 const QVariant &value);

    Database &m_database;
};

} // namespace delta::store

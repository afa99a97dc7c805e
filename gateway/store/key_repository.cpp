#include "gateway/store/key_repository.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <chrono>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

WallTime timeOf(const QVariant &milliseconds)
{
    return WallTime(std::chrono::milliseconds(milliseconds.toLongLong()));
}

qint64 millisecondsOf(WallTime time)
{
    return time.time_since_epoch().count();
}

QStringList listOf(const QString &json)
{
    QStringList texts;
    // Most keys may call every model and have no tags, and parsing takes longer than the rest of the row.
    if (json != "[]"_L1) {
        for (const auto &text : QJsonDocument::fromJson(json.toUtf8()).array()) {
            texts.append(text.toString());
        }
    }
    return texts;
}

QString jsonOf(const QStringList &texts)
{
    return QString::fromUtf8(
        QJsonDocument(QJsonArray::fromStringList(texts)).toJson(QJsonDocument::Compact));
}

/// Reads a row of keys/select_all.
ports::StoredKey keyOf(const QSqlQuery &row)
{
    ports::StoredKey stored;
    VirtualKey &key = stored.key;
    key.id = row.value(0).toString();
    stored.mac = row.value(1).toByteArray();
    key.alias = row.value(2).toString();
    key.hint = row.value(3).toString();
    key.userId = row.value(4).toString();
    key.teamId = row.value(5).toString();
    key.models = listOf(row.value(6).toString());
    if (!row.isNull(7)) {
        key.expiresAt = timeOf(row.value(7));
    }
    key.blocked = row.value(8).toBool();
    key.createdAt = timeOf(row.value(9));
    key.limits = rateLimitsAt(row, 10);
    key.organizationId = row.value(17).toString();
    key.tags = listOf(row.value(18).toString());
    return stored;
}

/// Reads a row that has what the key spent besides.
ports::StoredKey keyWithSpendOf(const QSqlQuery &row)
{
    ports::StoredKey stored = keyOf(row);
    stored.key.spend = Money::fromNanos(row.value(19).toLongLong());
    return stored;
}

} // namespace

Result<void> KeyRepository::each(const ports::KeyStore::Visitor &visit)
{
    return m_database.each("keys/select_all"_L1, {},
                           [&visit](const QSqlQuery &row) { visit(keyOf(row)); });
}

Result<std::vector<ports::StoredKey>> KeyRepository::loadAll()
{
    std::vector<ports::StoredKey> keys;
    TRY_VOID(m_database.each("keys/select_all_with_spend"_L1, {}, [&keys](const QSqlQuery &row) {
        keys.push_back(keyWithSpendOf(row));
    }));
    return keys;
}

Result<bool> KeyRepository::hasAny()
{
    bool isThere = false;
    TRY_VOID(m_database.each("keys/select_any"_L1, {},
                             [&isThere](const QSqlQuery &) { isThere = true; }));
    return isThere;
}

Result<std::optional<ports::StoredKey>> KeyRepository::find(const QString &idOrAlias)
{
    return findBy("keys/select_by_id_or_alias"_L1, present(idOrAlias));
}

Result<std::optional<ports::StoredKey>> KeyRepository::findByMac(const QByteArray &mac)
{
    return findBy("keys/select_by_mac"_L1, mac);
}

Result<std::optional<ports::StoredKey>> KeyRepository::findBy(QLatin1StringView query,
                                                              const QVariant &value)
{
    std::optional<ports::StoredKey> key;
    TRY_VOID(m_database.each(query, {value},
                             [&key](const QSqlQuery &row) { key = keyWithSpendOf(row); }));
    return key;
}

Result<void> KeyRepository::insert(const ports::StoredKey &stored)
{
    const VirtualKey &key = stored.key;
    const QVariant noText(QMetaType::fromType<QString>());
    const QVariant noTime(QMetaType::fromType<qint64>());
    const QVariantList values{stored.key.id,
                              stored.mac,
                              key.alias.isEmpty() ? noText : key.alias,
                              present(key.hint),
                              present(key.userId),
                              present(key.teamId),
                              jsonOf(key.models),
                              key.expiresAt ? millisecondsOf(*key.expiresAt) : noTime,
                              key.blocked ? 1 : 0,
                              millisecondsOf(key.createdAt)};
    const QVariantList owners{present(key.organizationId), jsonOf(key.tags)};
    const auto inserted = m_database.run("keys/insert"_L1,
                                         values + rateColumns(key.limits) + owners);
    if (!inserted && inserted.error().param == "alias"_L1) {
        return failure(ApiError::invalidRequest(
            u"Another key has the alias '%1' already. Choose another alias."_s.arg(key.alias),
            u"key_alias"_s));
    }
    return inserted.transform([](int) { });
}

Result<bool> KeyRepository::remove(const QString &id)
{
    return m_database.run("keys/delete"_L1, {present(id)}).transform([](int rows) {
        return rows > 0;
    });
}

Result<qint64> KeyRepository::version()
{
    qint64 version = 0;
    TRY_VOID(m_database.each("keys/select_version"_L1, {}, [&version](const QSqlQuery &row) {
        version = row.value(0).toLongLong();
    }));
    return version;
}

} // namespace delta::store

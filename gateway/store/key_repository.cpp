#include "gateway/store/key_repository.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"
#include "gateway/store/plain_row.h"

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

QByteArrayList bytesOf(QByteArrayView json)
{
    QByteArrayList texts;
    if (json != "[]") {
        for (const QString &text : listOf(QString::fromUtf8(json))) {
            texts.append(text.toUtf8());
        }
    }
    return texts;
}

QString jsonOf(const QStringList &texts)
{
    return QString::fromUtf8(
        QJsonDocument(QJsonArray::fromStringList(texts)).toJson(QJsonDocument::Compact));
}

std::optional<bool> flagOf(std::optional<qint64> number)
{
    return number ? std::optional(*number != 0) : std::nullopt;
}

/// Reads a row of keys/select_all.
ports::KeyRow keyRowOf(const PlainRow &row)
{
    const auto expiresAt = row.number(5);
    return {.id = row.bytes(0),
            .mac = row.bytes(1),
            .userId = row.bytes(2),
            .teamId = row.bytes(3),
            .organizationId = row.bytes(14),
            .serviceAccountId = row.bytes(16),
            .models = bytesOf(row.bytes(4)),
            .tags = bytesOf(row.bytes(15)),
            .allowedRoutes = bytesOf(row.bytes(17)),
            .limits = {row.number(7), row.number(8), row.number(9), row.number(10), row.number(11),
                       row.number(12), row.number(13)},
            .expiresAt = expiresAt ? std::optional(WallTime(std::chrono::milliseconds(*expiresAt)))
                                   : std::nullopt,
            .isBlocked = row.number(6) != 0,
            .storesContent = flagOf(row.number(18))};
}

/// Reads the columns of keys/select_all_with_spend but for the spend, the first of which has that number.
ports::StoredKey keyOf(const QSqlQuery &row, int first)
{
    const auto at = [&row, first](int column) { return row.value(first + column); };
    ports::StoredKey stored;
    VirtualKey &key = stored.key;
    key.id = at(0).toString();
    stored.mac = at(1).toByteArray();
    key.alias = at(2).toString();
    key.hint = at(3).toString();
    key.userId = at(4).toString();
    key.teamId = at(5).toString();
    key.models = listOf(at(6).toString());
    if (!at(7).isNull()) {
        key.expiresAt = timeOf(at(7));
    }
    key.blocked = at(8).toBool();
    key.createdAt = timeOf(at(9));
    key.limits = rateLimitsAt(row, first + 10);
    key.organizationId = at(17).toString();
    key.tags = listOf(at(18).toString());
    key.serviceAccountId = at(19).toString();
    key.allowedRoutes = listOf(at(20).toString());
    if (!at(21).isNull()) {
        key.storesContent = at(21).toBool();
    }
    return stored;
}

/// Of keys/select_changes: where the columns of the key begin behind those of the change.
constexpr int firstColumnOfKey = 3;

ports::KeyMark markOf(const QSqlQuery &row)
{
    return {.version = row.value(0).toLongLong(), .stamp = row.value(1).toLongLong()};
}

/// Reads a row that has what the key spent besides.
ports::StoredKey keyWithSpendOf(const QSqlQuery &row)
{
    ports::StoredKey stored = keyOf(row, 0);
    stored.key.spend = Money::fromNanos(row.value(22).toLongLong());
    return stored;
}

} // namespace

Result<void> KeyRepository::each(const ports::KeyStore::Visitor &visit)
{
    return m_database.scan("keys/select_all"_L1,
                           [&visit](const PlainRow &row) { visit(keyRowOf(row)); });
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
    const QVariantList owners{present(key.organizationId), jsonOf(key.tags),
                              present(key.serviceAccountId), jsonOf(key.allowedRoutes)};
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

Result<std::vector<ports::RetiredSecret>> KeyRepository::retiredSecrets()
{
    std::vector<ports::RetiredSecret> secrets;
    TRY_VOID(m_database.each("keys/select_retired"_L1, {}, [&secrets](const QSqlQuery &row) {
        secrets.push_back(
            {row.value(0).toByteArray(), row.value(1).toByteArray(), timeOf(row.value(2))});
    }));
    return secrets;
}

Result<qint64> KeyRepository::retiredVersion()
{
    qint64 version = 0;
    TRY_VOID(
        m_database.each("keys/select_retired_version"_L1, {},
                        [&version](const QSqlQuery &row) { version = row.value(0).toLongLong(); }));
    return version;
}

Result<ports::KeyMark> KeyRepository::mark()
{
    ports::KeyMark newest;
    TRY_VOID(m_database.each("keys/select_newest_change"_L1, {},
                             [&newest](const QSqlQuery &row) { newest = markOf(row); }));
    return newest;
}

Result<std::optional<ports::KeyChanges>> KeyRepository::changesSince(const ports::KeyMark &mark)
{
    bool isKnown = false; // Whether this history has the mark.
    ports::KeyChanges found{.until = mark, .changes = {}};
    TRY_VOID(m_database.each("keys/select_changes"_L1, {mark.version}, [&](const QSqlQuery &row) {
        found.until = markOf(row);
        if (found.until == mark) {
            isKnown = true;
            return;
        }
        const bool isThere = !row.isNull(firstColumnOfKey);
        found.changes.push_back(
            {row.value(2).toString(),
             isThere ? std::optional(keyOf(row, firstColumnOfKey)) : std::nullopt});
    }));
    return isKnown ? std::optional(std::move(found)) : std::nullopt;
}

} // namespace delta::store

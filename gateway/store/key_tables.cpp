#include "gateway/store/key_tables.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"
#include "gateway/store/row_codec.h"

#include <array>
#include <chrono>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

constexpr std::array columns{
    ListColumn{"team_id"_L1, "team_id"_L1, ColumnUse::Filter},
    ListColumn{"user_id"_L1, "user_id"_L1, ColumnUse::Filter},
    ListColumn{"service_account_id"_L1, "service_account_id"_L1, ColumnUse::Filter},
    ListColumn{"organization_id"_L1, "organization_id"_L1, ColumnUse::Filter},
    ListColumn{"blocked"_L1, "blocked"_L1, ColumnUse::Flag},
    ListColumn{"unused"_L1,
               "(CASE WHEN EXISTS (SELECT 1 FROM names AS n JOIN spend_rollups AS r ON r.dimension "
               "= 1 AND "
               "r.seconds = 86400 AND r.ref = n.id WHERE n.name = key_id) THEN 0 ELSE 1 END)"_L1,
               ColumnUse::Flag},
    // Keys that never expire have the largest number there.
    ListColumn{"expires_before"_L1, "expiry_key < @ AND expiry_key < 9223372036854775807"_L1,
               ColumnUse::Before},
    ListColumn{"expires_after"_L1, "expiry_key >= @ AND expiry_key < 9223372036854775807"_L1,
               ColumnUse::After},
    ListColumn{"created_before"_L1, "created_at"_L1, ColumnUse::Before},
    ListColumn{"created_after"_L1, "created_at"_L1, ColumnUse::After},
    ListColumn{"name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
    ListColumn{"expires_at"_L1, "expiry_key"_L1, ColumnUse::Sort},
};

} // namespace

const EntityStatements &keyStatements()
{
    // A key is added by KeyTables::issue(), for its text is no part of the row.
    static constexpr EntityStatements statements{
        {}, "keys/update"_L1, "keys/delete"_L1, "keys/select"_L1};
    return statements;
}

const ListShape &keyList()
{
    static constexpr ListShape shape{.statement = "keys/list"_L1,
                                     .count = "keys/count"_L1,
                                     .id = "key_id"_L1,
                                     .columns = columns,
                                     .words = "words"_L1,
                                     .wordIndex = "key_words"_L1,
                                     .orderIndex = "virtual_keys_by_order"_L1,
                                     .organization = "organization_id"_L1,
                                     .team = "team_id"_L1,
                                     .user = "user_id"_L1};
    return shape;
}

Result<void> KeyTables::issue(const ManagedKey &key, const QByteArray &mac)
{
    return m_database
        .run("keys/issue"_L1,
             {present(key.id), mac, present(key.hint), present(key.createdBy),
              ColumnCodec<WallTime>::write(key.stamp.createdAt)})
        .transform([](int) { });
}

Result<QHash<QString, RateLimits>> KeyTables::limitsOf(const QStringList &keyIds)
{
    QHash<QString, RateLimits> limits;
    TRY_VOID(m_database.each("keys/select_limits"_L1, {textSet(keyIds)},
                             [&limits](const QSqlQuery &row) {
                                 limits.insert(row.value(0).toString(), rateLimitsAt(row, 1));
                             }));
    return limits;
}

Result<void> KeyTables::setLimits(const QString &keyId, const RateLimits &limits)
{
    return m_database
        .run("keys/update_limits"_L1, QVariantList{present(keyId)} + rateColumns(limits))
        .transform([](int) { });
}

Result<qint64> KeyTables::countOfMember(const QString &teamId, const QString &userId)
{
    qint64 count = 0;
    TRY_VOID(
        m_database.each("keys/count_of_user_in_team"_L1, {present(teamId), present(userId)},
                        [&count](const QSqlQuery &row) { count = row.value(0).toLongLong(); }));
    return count;
}

Result<int> KeyTables::blockOfMember(const QString &teamId, const QString &userId,
                                     const QString &reason, WallTime now)
{
    return m_database.run(
        "keys/block_of_user_in_team"_L1,
        {present(teamId), present(userId), present(reason), ColumnCodec<WallTime>::write(now)});
}

Result<QHash<QString, KeyUse>> KeyTables::usesOf(const QStringList &keyIds)
{
    QHash<QString, KeyUse> uses;
    TRY_VOID(
        m_database.each("keys/select_use"_L1, {textSet(keyIds)}, [&uses](const QSqlQuery &row) {
            KeyUse &use = uses[row.value(0).toString()];
            use.spend = Money::fromNanos(row.value(1).toLongLong());
            if (!row.isNull(2)) {
                use.lastUsedAt = WallTime(std::chrono::hours(row.value(2).toLongLong()));
            }
        }));
    return uses;
}

Result<void> KeyTables::rotate(const QString &keyId, const QByteArray &mac, const QString &hint,
                               WallTime now, std::optional<WallTime> endsAt)
{
    const QVariant moment = ColumnCodec<WallTime>::write(now);
    TRY_VOID(m_database.run("keys/delete_ended"_L1, {moment}));
    if (endsAt) {
        TRY_VOID(m_database.run("keys/retire"_L1,
                                {present(keyId), moment, ColumnCodec<WallTime>::write(*endsAt)}));
    } else {
        TRY_VOID(endRotation(keyId));
    }
    return m_database.run("keys/rotate"_L1, {present(keyId), mac, present(hint)})
        .transform([](int) { });
}

Result<QHash<QString, KeyRotation>> KeyTables::rotationsOf(const QStringList &keyIds, WallTime now)
{
    QHash<QString, KeyRotation> longest;
    TRY_VOID(m_database.each("keys/select_rotation"_L1,
                             {textSet(keyIds), ColumnCodec<WallTime>::write(now)},
                             [&longest](const QSqlQuery &row) {
                                 const QString key = row.value(0).toString();
                                 if (!longest.contains(key)) {
                                     int next = 1;
                                     readColumns(row, next, longest[key]);
                                 }
                             }));
    return longest;
}

Result<void> KeyTables::endRotation(const QString &keyId)
{
    return m_database.run("keys/delete_retired_of"_L1, {present(keyId)}).transform([](int) { });
}

} // namespace delta::store

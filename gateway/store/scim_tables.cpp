#include "gateway/store/scim_tables.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"
#include "gateway/store/row_codec.h"

#include <QSqlQuery>

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

QVariantList factColumns(const QString &userId, const ScimFacts &facts)
{
    return {present(userId), present(facts.userName), ScimTables::nameKey(facts.userName),
            present(facts.externalId), ColumnCodec<QJsonObject>::write(facts.attributes)};
}

} // namespace

Result<void> ScimTables::insertUser(const QString &userId, const ScimFacts &facts)
{
    return m_database.run("scim_users/insert"_L1, factColumns(userId, facts)).transform([](int) {
    });
}

Result<void> ScimTables::updateUser(const QString &userId, const ScimFacts &facts)
{
    return m_database.run("scim_users/update"_L1, factColumns(userId, facts)).transform([](int) {
    });
}

Result<void> ScimTables::removeUser(const QString &userId)
{
    return m_database.run("scim_users/delete"_L1, {present(userId)}).transform([](int) { });
}

Result<std::optional<ScimUser>> ScimTables::user(const QString &userId)
{
    return oneUser("scim_users/select"_L1, userId);
}

Result<std::optional<ScimUser>> ScimTables::userByName(const QString &userName)
{
    return oneUser("scim_users/select_by_name"_L1, nameKey(userName));
}

Result<std::optional<ScimUser>> ScimTables::userByExternalId(const QString &externalId)
{
    return oneUser("scim_users/select_by_external_id"_L1, externalId);
}

Result<std::optional<ScimUser>> ScimTables::oneUser(QLatin1StringView statement,
                                                    const QString &value)
{
    std::optional<ScimUser> found;
    TRY_VOID(m_database.each(statement, {present(value)},
                             [&found](const QSqlQuery &row) { found = structOf<ScimUser>(row); }));
    return found;
}

Result<std::vector<ScimUser>> ScimTables::users(const ScimSlice &slice)
{
    std::vector<ScimUser> found;
    TRY_VOID(m_database.each(
        "scim_users/select_page"_L1, {slice.limit, slice.offset},
        [&found](const QSqlQuery &row) { found.push_back(structOf<ScimUser>(row)); }));
    return found;
}

Result<qint64> ScimTables::userCount()
{
    return count("scim_users/count"_L1);
}

Result<void> ScimTables::insertGroup(const ScimGroup &group)
{
    return m_database.run("scim_groups/insert"_L1, columnsOf(group)).transform([](int) { });
}

Result<bool> ScimTables::updateGroup(const ScimGroup &group)
{
    return m_database.run("scim_groups/update"_L1, columnsOf(group)).transform([](int rows) {
        return rows > 0;
    });
}

Result<void> ScimTables::removeGroup(const QString &groupId)
{
    return m_database.run("scim_groups/delete"_L1, {present(groupId)}).transform([](int) { });
}

Result<std::optional<ScimGroup>> ScimTables::group(const QString &groupId)
{
    return oneGroup("scim_groups/select"_L1, groupId);
}

Result<std::optional<ScimGroup>> ScimTables::groupByName(const QString &displayName)
{
    return oneGroup("scim_groups/select_by_name"_L1, nameKey(displayName));
}

Result<std::optional<ScimGroup>> ScimTables::groupByExternalId(const QString &externalId)
{
    return oneGroup("scim_groups/select_by_external_id"_L1, externalId);
}

Result<std::optional<ScimGroup>> ScimTables::oneGroup(QLatin1StringView statement,
                                                      const QString &value)
{
    TRY(std::vector<ScimGroup> found, manyGroups(statement, {present(value)}));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<std::vector<ScimGroup>> ScimTables::groups(const ScimSlice &slice)
{
    return manyGroups("scim_groups/select_page"_L1, {slice.limit, slice.offset});
}

Result<std::vector<ScimGroup>> ScimTables::groupsOf(const QString &userId)
{
    return manyGroups("scim_groups/select_of_user"_L1, {present(userId)});
}

Result<std::vector<ScimGroup>> ScimTables::manyGroups(QLatin1StringView statement,
                                                      const QVariantList &values)
{
    std::vector<ScimGroup> found;
    TRY_VOID(m_database.each(statement, values, [&found](const QSqlQuery &row) {
        found.push_back(structOf<ScimGroup>(row));
    }));
    return found;
}

Result<qint64> ScimTables::groupCount()
{
    return count("scim_groups/count"_L1);
}

Result<void> ScimTables::addMember(const QString &groupId, const QString &userId)
{
    return m_database.run("scim_group_members/insert"_L1, {present(groupId), present(userId)})
        .transform([](int) { });
}

Result<void> ScimTables::removeMember(const QString &groupId, const QString &userId)
{
    return m_database.run("scim_group_members/delete"_L1, {present(groupId), present(userId)})
        .transform([](int) { });
}

Result<std::vector<ScimMember>> ScimTables::membersOf(const QString &groupId)
{
    std::vector<ScimMember> found;
    TRY_VOID(m_database.each("scim_group_members/select_of_group"_L1, {present(groupId)},
                             [&found](const QSqlQuery &row) {
                                 found.push_back(
                                     {row.value(0).toString(), row.value(1).toString()});
                             }));
    return found;
}

Result<qint64> ScimTables::count(QLatin1StringView statement)
{
    qint64 rows = 0;
    TRY_VOID(m_database.each(statement, {},
                             [&rows](const QSqlQuery &row) { rows = row.value(0).toLongLong(); }));
    return rows;
}

} // namespace delta::store

#pragma once

#include "gateway/store/scim_rows.h"
#include "shared/core/result.h"

#include <QLatin1StringView>
#include <QString>
#include <QtTypes>
#include <QVariantList>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// Some rows of all, in the order of their ids.
struct ScimSlice {
    qint64 offset = 0; ///< How many come before them.
    qint64 limit = 0;
};

/// Users and groups that a directory provisions by SCIM. See Database for threads and errors; what another user or
/// group is called already is for the caller to look for.
class ScimTables
{
public:
    /// `database` must outlive it.
    explicit ScimTables(Database &database)
        : m_database(database)
    {
    }
    ScimTables(const ScimTables &) = delete;
    ScimTables &operator=(const ScimTables &) = delete;

    /// Returns the case in which two names are the same.
    [[nodiscard]] static QString nameKey(const QString &name)
    {
        return name.toCaseFolded();
    }

    [[nodiscard]] Result<void> insertUser(const QString &userId, const ScimFacts &facts);
    [[nodiscard]] Result<void> updateUser(const QString &userId, const ScimFacts &facts);
    /// Forgets that the directory has a user, and where they are a member. The user stays.
    [[nodiscard]] Result<void> removeUser(const QString &userId);
    [[nodiscard]] Result<std::optional<ScimUser>> user(const QString &userId);
    [[nodiscard]] Result<std::optional<ScimUser>> userByName(const QString &userName);
    [[nodiscard]] Result<std::optional<ScimUser>> userByExternalId(const QString &externalId);
    [[nodiscard]] Result<std::vector<ScimUser>> users(const ScimSlice &slice);
    [[nodiscard]] Result<qint64> userCount();

    [[nodiscard]] Result<void> insertGroup(const ScimGroup &group);
    /// Writes the next revision of a group. Returns whether it was still the one before.
    [[nodiscard]] Result<bool> updateGroup(const ScimGroup &group);
    [[nodiscard]] Result<void> removeGroup(const QString &groupId);
    [[nodiscard]] Result<std::optional<ScimGroup>> group(const QString &groupId);
    [[nodiscard]] Result<std::optional<ScimGroup>> groupByName(const QString &displayName);
    [[nodiscard]] Result<std::optional<ScimGroup>> groupByExternalId(const QString &externalId);
    [[nodiscard]] Result<std::vector<ScimGroup>> groups(const ScimSlice &slice);
    [[nodiscard]] Result<qint64> groupCount();

    [[nodiscard]] Result<void> addMember(const QString &groupId, const QString &userId);
    [[nodiscard]] Result<void> removeMember(const QString &groupId, const QString &userId);
    [[nodiscard]] Result<std::vector<ScimMember>> membersOf(const QString &groupId);
    [[nodiscard]] Result<std::vector<ScimGroup>> groupsOf(const QString &userId);

private:
    [[nodiscard]] Result<std::optional<ScimUser>> oneUser(QLatin1StringView statement,
                                                          const QString &value);
    [[nodiscard]] Result<std::optional<ScimGroup>> oneGroup(QLatin1StringView statement,
                                                            const QString &value);
    [[nodiscard]] Result<std::vector<ScimGroup>> manyGroups(QLatin1StringView statement,
                                                            const QVariantList &values);
    [[nodiscard]] Result<qint64> count(QLatin1StringView statement);

    Database &m_database;
};

} // namespace delta::store

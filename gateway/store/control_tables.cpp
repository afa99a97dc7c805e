#include "gateway/store/control_tables.h"

#include "gateway/store/database.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

constexpr std::array organizationColumns{
    ListColumn{"blocked"_L1, "blocked"_L1, ColumnUse::Flag},
    ListColumn{"organization_id"_L1, "organization_id"_L1, ColumnUse::Filter},
    ListColumn{"name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

constexpr std::array organizationMemberColumns{
    ListColumn{"organization_id"_L1, "organization_id"_L1, ColumnUse::Filter},
    ListColumn{"role"_L1, "role"_L1, ColumnUse::Filter},
};

constexpr std::array teamColumns{
    ListColumn{"organization_id"_L1, "organization_id"_L1, ColumnUse::Filter},
    ListColumn{"blocked"_L1, "blocked"_L1, ColumnUse::Flag},
    ListColumn{"user_id"_L1, "team_id IN (SELECT team_id FROM team_members WHERE user_id @)"_L1,
               ColumnUse::Filter},
    ListColumn{"name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

constexpr std::array teamMemberColumns{
    ListColumn{"team_id"_L1, "team_id"_L1, ColumnUse::Filter},
    ListColumn{"role"_L1, "role"_L1, ColumnUse::Filter},
};

constexpr std::array userColumns{
    ListColumn{"role"_L1, "role"_L1, ColumnUse::Filter},
    ListColumn{"origin"_L1, "origin"_L1, ColumnUse::Filter},
    ListColumn{"blocked"_L1, "blocked"_L1, ColumnUse::Flag},
    ListColumn{"email"_L1, "email"_L1, ColumnUse::Filter},
    ListColumn{"team_id"_L1, "user_id IN (SELECT user_id FROM team_members WHERE team_id @)"_L1,
               ColumnUse::Filter},
    ListColumn{"organization_id"_L1,
               "user_id IN (SELECT user_id FROM organization_members WHERE organization_id @)"_L1,
               ColumnUse::Filter},
    ListColumn{"name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

constexpr std::array serviceAccountColumns{
    ListColumn{"team_id"_L1, "team_id"_L1, ColumnUse::Filter},
    ListColumn{"blocked"_L1, "blocked"_L1, ColumnUse::Flag},
    ListColumn{"name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

constexpr std::array endUserColumns{
    ListColumn{"blocked"_L1, "blocked"_L1, ColumnUse::Flag},
    ListColumn{"name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

constexpr EntityStatements organizationStatements{
    "organizations/insert"_L1, "organizations/update"_L1, "organizations/delete"_L1,
    "organizations/select"_L1};
constexpr EntityStatements organizationMemberStatements{
    "organization_members/insert"_L1, "organization_members/update"_L1,
    "organization_members/delete"_L1, "organization_members/select"_L1};
constexpr EntityStatements teamStatements{"teams/insert"_L1, "teams/update"_L1, "teams/delete"_L1,
                                          "teams/select"_L1};
constexpr EntityStatements teamMemberStatements{"team_members/insert"_L1, "team_members/update"_L1,
                                                "team_members/delete"_L1, "team_members/select"_L1};
constexpr EntityStatements userStatements{"users/insert"_L1, "users/update"_L1, "users/delete"_L1,
                                          "users/select"_L1};
constexpr EntityStatements serviceAccountStatements{
    "service_accounts/insert"_L1, "service_accounts/update"_L1, "service_accounts/delete"_L1,
    "service_accounts/select"_L1};

constexpr EntityStatements endUserStatements{"end_users/insert"_L1, "end_users/update"_L1,
                                             "end_users/delete"_L1, "end_users/select"_L1};

} // namespace

const ListShape &organizationList()
{
    static constexpr ListShape shape{.statement = "organizations/list"_L1,
                                     .count = "organizations/count"_L1,
                                     .id = "organization_id"_L1,
                                     .columns = organizationColumns,
                                     .words = "words"_L1,
                                     .wordIndex = "organization_words"_L1,
                                     .organization = "organization_id"_L1,
                                     .team = {},
                                     .user = {}};
    return shape;
}

const ListShape &endUserList()
{
    static constexpr ListShape shape{.statement = "end_users/list"_L1,
                                     .count = "end_users/count"_L1,
                                     .id = "end_user_id"_L1,
                                     .columns = endUserColumns,
                                     .words = "words"_L1,
                                     .wordIndex = "end_user_words"_L1,
                                     .organization = {},
                                     .team = {},
                                     .user = {}};
    return shape;
}

const ListShape &organizationMemberList()
{
    static constexpr ListShape shape{.statement = "organization_members/list"_L1,
                                     .count = "organization_members/count"_L1,
                                     .id = "user_id"_L1,
                                     .columns = organizationMemberColumns,
                                     .words = "user_id"_L1,
                                     .wordIndex = {},
                                     .organization = "organization_id"_L1,
                                     .team = {},
                                     .user = {}};
    return shape;
}

const ListShape &teamList()
{
    static constexpr ListShape shape{.statement = "teams/list"_L1,
                                     .count = "teams/count"_L1,
                                     .id = "team_id"_L1,
                                     .columns = teamColumns,
                                     .words = "words"_L1,
                                     .wordIndex = "team_words"_L1,
                                     .organization = "organization_id"_L1,
                                     .team = "team_id"_L1,
                                     .user = {}};
    return shape;
}

const ListShape &teamMemberList()
{
    static constexpr ListShape shape{
        .statement = "team_members/list"_L1,
        .count = "team_members/count"_L1,
        .id = "user_id"_L1,
        .columns = teamMemberColumns,
        .words = "user_id"_L1,
        .wordIndex = {},
        .organization = "team_id IN (SELECT team_id FROM teams WHERE organization_id @)"_L1,
        .team = "team_id"_L1,
        .user = {}};
    return shape;
}

const ListShape &userList()
{
    static constexpr ListShape shape{
        .statement = "users/list"_L1,
        .count = "users/count"_L1,
        .id = "user_id"_L1,
        .columns = userColumns,
        .words = "words"_L1,
        .wordIndex = "user_words"_L1,
        .organization =
            "user_id IN (SELECT user_id FROM organization_members WHERE organization_id @)"_L1,
        .team = "user_id IN (SELECT user_id FROM team_members WHERE team_id @)"_L1,
        .user = "user_id"_L1};
    return shape;
}

const ListShape &serviceAccountList()
{
    static constexpr ListShape shape{
        .statement = "service_accounts/list"_L1,
        .count = "service_accounts/count"_L1,
        .id = "service_account_id"_L1,
        .columns = serviceAccountColumns,
        .words = "words"_L1,
        .wordIndex = "service_account_words"_L1,
        .organization = "team_id IN (SELECT team_id FROM teams WHERE organization_id @)"_L1,
        .team = "team_id"_L1,
        .user = {}};
    return shape;
}

ControlTables::ControlTables(Database &database, AuditMac mac)
    : organizations(database, organizationStatements, organizationList())
    , organizationMembers(database, organizationMemberStatements, organizationMemberList())
    , teams(database, teamStatements, teamList())
    , teamMembers(database, teamMemberStatements, teamMemberList())
    , users(database, userStatements, userList())
    , serviceAccounts(database, serviceAccountStatements, serviceAccountList())
    , endUsers(database, endUserStatements, endUserList())
    , managedKeys(database, keyStatements(), keyList())
    , keyTables(database)
    , credentials(database, credentialStatements(), credentialList())
    , deployments(database, deploymentStatements(), deploymentList())
    , modelGroups(database, modelGroupStatements(), modelGroupList())
    , models(database)
    , guardrails(database, guardrailStatements(), guardrailList())
    , routeGroups(database, routeGroupStatements(), routeGroupList())
    , versions(database, objectVersionStatements(), objectVersionList())
    , alertRules(database, alertRuleStatements(), alertRuleList())
    , alertDeliveries(database, alertOutcomeStatements(), alertOutcomeList())
    , alerts(database)
    , budgets(database)
    , managedBudgets(database, managedBudgetStatements(), managedBudgetList())
    , rateLimits(database)
    , keys(database)
    , idempotency(database)
    , sealingKeys(database)
    , sealed(database)
    , scim(database)
    , contents(database)
    , audit(database, std::move(mac))
    , auditEvents(database, auditStatements(), auditList())
    , m_database(database)
{
}

Result<std::optional<User>> ControlTables::userByEmail(const QString &email)
{
    std::optional<User> found;
    TRY_VOID(m_database.each("users/select_by_email"_L1, {present(email.toLower())},
                             [&found](const QSqlQuery &row) { found = structOf<User>(row); }));
    return found;
}

Result<QStringList> ControlTables::lockAdmins()
{
    QStringList ids;
    TRY_VOID(m_database.each("users/lock_admins"_L1, {}, [&ids](const QSqlQuery &row) {
        ids.append(row.value(0).toString());
    }));
    return ids;
}

Result<QHash<QString, User>> ControlTables::usersOf(const QStringList &userIds)
{
    QHash<QString, User> found;
    TRY_VOID(m_database.each("users/select_of_ids"_L1, {textSet(userIds)},
                             [&found](const QSqlQuery &row) {
                                 auto user = structOf<User>(row);
                                 found.insert(user.id, std::move(user));
                             }));
    return found;
}

Result<Memberships> ControlTables::membershipsOf(const QString &userId)
{
    return membershipsOf(QStringList{userId}).transform([&userId](auto found) {
        return found.take(userId);
    });
}

Result<QHash<QString, Memberships>> ControlTables::membershipsOf(const QStringList &userIds)
{
    const QVariantList values{textSet(userIds)};
    QHash<QString, Memberships> found;
    TRY_VOID(m_database.each("organization_members/select_of_user"_L1, values,
                             [&found](const QSqlQuery &row) {
                                 auto member = structOf<OrganizationMember>(row);
                                 found[member.userId].organizations.push_back(std::move(member));
                             }));
    TRY_VOID(
        m_database.each("team_members/select_of_user"_L1, values, [&found](const QSqlQuery &row) {
            auto member = structOf<TeamMember>(row);
            found[member.userId].teams.push_back(std::move(member));
        }));
    return found;
}

Result<std::optional<ObjectVersion>> ControlTables::newestVersion(const QString &kind,
                                                                  const QString &objectId)
{
    return store::newestVersion(m_database, kind, objectId);
}

Result<void> ControlTables::forgetVersions(const QString &kind, const QString &objectId)
{
    return store::forgetVersions(m_database, kind, objectId);
}

Result<QHash<QString, qint64>> ControlTables::counts(QLatin1StringView statement,
                                                     const QStringList &ids)
{
    QHash<QString, qint64> counts;
    TRY_VOID(m_database.each(statement, {textSet(ids)}, [&counts](const QSqlQuery &row) {
        counts.insert(row.value(0).toString(), row.value(1).toLongLong());
    }));
    return counts;
}

Result<qint64> ControlTables::count(QLatin1StringView statement, const QString &id)
{
    TRY(const auto found, counts(statement, {id}));
    const auto rows = found.find(id);
    // A statement that says nothing must not pass for one that says none: what is decided by it may be a removal.
    return rows != found.end()
        ? Result<qint64>(*rows)
        : failure(ApiError::storeUnavailable(
              u"The gateway's database did not say how many there are."_s, QString(statement)));
}

Result<void> ControlTables::eachOwner(const ports::OwnerStore::Visitor &visit)
{
    return m_database.each("directory/select_owners"_L1, {}, [&visit](const QSqlQuery &row) {
        QStringList ceiling;
        ColumnCodec<QStringList>::read(row.value(3), ceiling);
        ports::OwnerRow owner{.kind = static_cast<ports::OwnerKind>(row.value(0).toInt()),
                              .id = row.value(1).toString().toUtf8(),
                              .organizationId = row.value(2).toString().toUtf8(),
                              .models = {},
                              .isBlocked = row.value(4).toBool(),
                              .storesContent = {}};
        ColumnCodec<std::optional<bool>>::read(row.value(5), owner.storesContent);
        for (const QString &model : ceiling) {
            owner.models.append(model.toUtf8());
        }
        visit(owner);
    });
}

Result<qint64> ControlTables::ownerVersion()
{
    qint64 version = 0;
    TRY_VOID(m_database.each("directory/select_version"_L1, {}, [&version](const QSqlQuery &row) {
        version = row.value(0).toLongLong();
    }));
    return version;
}

} // namespace delta::store

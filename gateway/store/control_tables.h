#pragma once

#include "gateway/ports/owner_store.h"
#include "gateway/store/alert_tables.h"
#include "gateway/store/audit_list.h"
#include "gateway/store/audit_trail.h"
#include "gateway/store/budget_repository.h"
#include "gateway/store/budget_tables.h"
#include "gateway/store/content_table.h"
#include "gateway/store/entity_table.h"
#include "gateway/store/idempotency_table.h"
#include "gateway/store/key_repository.h"
#include "gateway/store/key_tables.h"
#include "gateway/store/model_tables.h"
#include "gateway/store/policy_tables.h"
#include "gateway/store/rate_limit_repository.h"
#include "gateway/store/scim_tables.h"
#include "gateway/store/sealed_values.h"
#include "gateway/store/sealing_keys.h"
#include "shared/models/end_user.h"
#include "shared/models/guardrail.h"
#include "shared/models/managed_budget.h"
#include "shared/models/member.h"
#include "shared/models/object_version.h"
#include "shared/models/organization.h"
#include "shared/models/route_group.h"
#include "shared/models/service_account.h"
#include "shared/models/team.h"
#include "shared/models/user.h"

#include <QHash>
#include <QLatin1StringView>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// A user's places in teams and organisations.
struct Memberships {
    std::vector<OrganizationMember> organizations;
    std::vector<TeamMember> teams;
};

/// The tables that admins change, on one connection. Within Store::change() all that is written becomes true
/// together, or nothing of it. See Database for threads and errors.
class ControlTables
{
public:
    /// `database` is borrowed, and outlives the tables. `mac` is of the audit log.
    ControlTables(Database &database, AuditMac mac);
    ControlTables(const ControlTables &) = delete;
    ControlTables &operator=(const ControlTables &) = delete;

    EntityTable<Organization> organizations;
    EntityTable<OrganizationMember> organizationMembers;
    EntityTable<Team> teams;
    EntityTable<TeamMember> teamMembers;
    EntityTable<User> users;
    EntityTable<ServiceAccount> serviceAccounts;
    EntityTable<EndUser> endUsers;
    EntityTable<ManagedKey> managedKeys;
    KeyTables keyTables;
    EntityTable<Credential> credentials;
    EntityTable<StoredDeployment> deployments;
    EntityTable<ModelGroup> modelGroups; ///< To be listed only.
    ModelTables models;
    EntityTable<Guardrail> guardrails;
    EntityTable<RouteGroup> routeGroups;
    EntityTable<ObjectVersion> versions; ///< To be added and read only.
    EntityTable<AlertRule> alertRules;
    EntityTable<AlertOutcome> alertDeliveries; ///< To be read only.
    AlertTables alerts;
    BudgetRepository budgets;
    EntityTable<ManagedBudget> managedBudgets; ///< The same rows.
    RateLimitRepository rateLimits;
    KeyRepository keys;
    IdempotencyTable idempotency;
    SealingKeys sealingKeys;
    SealedValues sealed;
    ScimTables scim;
    ContentTable contents;
    AuditTrail audit;
    EntityTable<AuditEvent> auditEvents; ///< To be read only.

    /// Returns the user with that address, in whatever case it is given; nothing if there is none.
    [[nodiscard]] Result<std::optional<User>> userByEmail(const QString &email);
    /// Returns those of some users that there are, by their ids.
    [[nodiscard]] Result<QHash<QString, User>> usersOf(const QStringList &userIds);
    /// Returns the ids of the platform's admins who are not blocked, and keeps others from changing who that is until
    /// the transaction ends.
    [[nodiscard]] Result<QStringList> lockAdmins();
    /// See store::newestVersion().
    [[nodiscard]] Result<std::optional<ObjectVersion>> newestVersion(const QString &kind,
                                                                     const QString &objectId);
    /// See store::forgetVersions().
    [[nodiscard]] Result<void> forgetVersions(const QString &kind, const QString &objectId);
    /// Returns where a user is a member.
    [[nodiscard]] Result<Memberships> membershipsOf(const QString &userId);
    /// Likewise of many; who is nowhere is not there.
    [[nodiscard]] Result<QHash<QString, Memberships>> membershipsOf(const QStringList &userIds);
    /// Runs a statement of sql/queries that counts what belongs to each of some objects: an id and how many.
    [[nodiscard]] Result<QHash<QString, qint64>> counts(QLatin1StringView statement,
                                                        const QStringList &ids);
    /// Likewise of one object.
    [[nodiscard]] Result<qint64> count(QLatin1StringView statement, const QString &id);
    /// See ports::OwnerStore.
    [[nodiscard]] Result<void> eachOwner(const ports::OwnerStore::Visitor &visit);
    [[nodiscard]] Result<qint64> ownerVersion();

private:
    Database &m_database;
};

/// The shapes of the lists.
[[nodiscard]] const ListShape &organizationList();
[[nodiscard]] const ListShape &organizationMemberList();
[[nodiscard]] const ListShape &teamList();
[[nodiscard]] const ListShape &teamMemberList();
[[nodiscard]] const ListShape &userList();
[[nodiscard]] const ListShape &serviceAccountList();
[[nodiscard]] const ListShape &endUserList();

} // namespace delta::store

#pragma once

#include "gateway/identity/group_roles.h"
#include "gateway/store/control_tables.h"
#include "shared/core/result.h"
#include "shared/models/audit_event.h"
#include "shared/models/user.h"

#include <QString>

#include <vector>

namespace delta::identity {

/// Brings the memberships of a user in line with what an identity provider says, in a transaction of the caller's. Only
/// what differs is written, each with a record in the audit log. Errors of all: StoreUnavailable.
class SsoMemberships
{
public:
    /// `by` is the beginning of the records: who, how and when. `tables` outlives it.
    SsoMemberships(store::ControlTables &tables, AuditEvent by)
        : m_tables(tables)
        , m_by(std::move(by))
    {
    }

    /// Makes a new user a viewer of a team, if there is such a team.
    [[nodiscard]] Result<void> welcome(const QString &teamId, const User &user);
    /// Has the user be in these places what they say, or not at all. Keys of theirs in a team that they leave are
    /// blocked.
    [[nodiscard]] Result<void> apply(const std::vector<GroupPlace> &places, const User &user);

private:
    template <typename Kind>
    [[nodiscard]] Result<void> settle(const QString &groupId, const User &user,
                                      std::optional<typename Kind::Role> role);
    [[nodiscard]] Result<void> record(const QString &action, const User &user,
                                      const QString &groupId, const AuditEvent &change);

    store::ControlTables &m_tables;
    const AuditEvent m_by;
};

} // namespace delta::identity

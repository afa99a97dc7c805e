#include "gateway/identity/group_places.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::identity {

using store::ControlTables;

Result<QStringList> groupsOfDirectory(ControlTables &tables, const auth::OidcSettings &settings)
{
    QStringList known;
    for (const auto &[group, text] : settings.groupRoles.asKeyValueRange()) {
        TRY(const auto byName, tables.scim.groupByName(group));
        TRY(const auto byId, tables.scim.groupByExternalId(group));
        if (byId || (byName && byName->displayName == group)) {
            known.append(group);
        }
    }
    return known;
}

Result<QStringList> directoryGroupsOf(ControlTables &tables, const QString &userId)
{
    QStringList names;
    TRY(const auto groups, tables.scim.groupsOf(userId));
    for (const store::ScimGroup &group : groups) {
        names.append(group.displayName);
        if (!group.externalId.isEmpty()) {
            names.append(group.externalId);
        }
    }
    return names;
}

Result<std::optional<QStringList>> groupsAtLogin(ControlTables &tables,
                                                 const auth::OidcSettings &settings,
                                                 const QString &userId,
                                                 std::optional<QStringList> claimed)
{
    TRY(const auto provisioned, tables.scim.user(userId));
    if (!claimed || !provisioned) {
        return claimed;
    }
    TRY(const QStringList known, groupsOfDirectory(tables, settings));
    claimed->removeIf([&known](const QString &group) { return known.contains(group); });
    TRY(const QStringList kept, directoryGroupsOf(tables, userId));
    return *claimed + kept;
}

} // namespace delta::identity

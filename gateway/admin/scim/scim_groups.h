#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/scim/scim_group_effects.h"
#include "gateway/admin/scim/scim_list.h"
#include "gateway/admin/scim/scim_room.h"
#include "gateway/store/control_tables.h"
#include "gateway/store/scim_rows.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QSet>
#include <QString>

#include <vector>

namespace delta::admin::scim {

/// Groups of the directory: /scim/v2/Groups. Their members are users whom it provisioned; what being in one means is
/// GroupEffects' to say. Used on the thread that owns the store.
class ScimGroups
{
public:
    explicit ScimGroups(const ScimRoom &room)
        : m_room(room)
    {
    }
    ScimGroups(const ScimGroups &) = delete;
    ScimGroups &operator=(const ScimGroups &) = delete;

    [[nodiscard]] std::vector<AdminRoute> routes();

private:
    using Tables = store::ControlTables;

    /// What a directory wants a group to be.
    struct Wish {
        QString displayName;
        QString externalId;
        QSet<QString> members;
    };
    /// What the audit log is told of a group.
    struct Recorded {
        const char *verb;
        QJsonObject before{};
        QJsonObject after{};
    };

    [[nodiscard]] Result<Answer> list(const AdminCall &call);
    [[nodiscard]] Result<Answer> create(const AdminCall &call);
    [[nodiscard]] Result<Answer> show(const AdminCall &call);
    [[nodiscard]] Result<Answer> replace(const AdminCall &call);
    [[nodiscard]] Result<Answer> change(const AdminCall &call);
    [[nodiscard]] Result<Answer> remove(const AdminCall &call);

    [[nodiscard]] static Result<Wish> readGroup(const QJsonObject &resource);
    [[nodiscard]] Shelf<store::ScimGroup> shelf(Tables &tables) const;
    [[nodiscard]] Result<QJsonObject> describe(Tables &tables, const store::ScimGroup &group,
                                               Detail detail) const;
    [[nodiscard]] Result<Answer> answer(Tables &tables, const AdminCall &call,
                                        const store::ScimGroup &group, int status = 200) const;
    [[nodiscard]] Result<store::ScimGroup> find(Tables &tables, const AdminCall &call) const;
    [[nodiscard]] Result<void> checkWish(Tables &tables, const Wish &wish,
                                         const QString &groupId) const;
    [[nodiscard]] Result<void> settle(Tables &tables, const AdminCall &call, const Wish &wish,
                                      store::ScimGroup &group);
    [[nodiscard]] Result<void> record(Tables &tables, const AdminCall &call,
                                      const store::ScimGroup &group, const Recorded &what) const;
    [[nodiscard]] Result<QSet<QString>> membersOf(Tables &tables, const QString &groupId) const;

    const ScimRoom m_room;
};

} // namespace delta::admin::scim

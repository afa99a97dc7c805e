#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/scim/scim_list.h"
#include "gateway/admin/scim/scim_room.h"
#include "gateway/admin/scim/scim_user_json.h"
#include "gateway/store/control_tables.h"
#include "gateway/store/scim_rows.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QString>

#include <optional>
#include <vector>

namespace delta::admin::scim {

/// Users of the directory: /scim/v2/Users. It sees those whom it provisioned, and no others. Who is made and has the
/// address of a user who is here is that user from then on, unless that is one whom admins of the gateway keep and who
/// administers something. Used on the thread that owns the store.
class ScimUsers
{
public:
    /// `settings` is borrowed, too.
    ScimUsers(const ScimRoom &room, const ScimSettings &settings)
        : m_room(room)
        , m_settings(settings)
    {
    }
    ScimUsers(const ScimUsers &) = delete;
    ScimUsers &operator=(const ScimUsers &) = delete;

    [[nodiscard]] std::vector<AdminRoute> routes();

private:
    using Tables = store::ControlTables;

    [[nodiscard]] Result<Answer> list(const AdminCall &call);
    [[nodiscard]] Result<Answer> create(const AdminCall &call);
    [[nodiscard]] Result<Answer> show(const AdminCall &call);
    [[nodiscard]] Result<Answer> replace(const AdminCall &call);
    [[nodiscard]] Result<Answer> change(const AdminCall &call);
    [[nodiscard]] Result<Answer> remove(const AdminCall &call);

    [[nodiscard]] Shelf<store::ScimUser> shelf(Tables &tables) const;
    [[nodiscard]] Result<QJsonObject> describe(Tables &tables, const store::ScimUser &user,
                                               Detail detail) const;
    [[nodiscard]] Result<Answer> answer(Tables &tables, const AdminCall &call,
                                        const QString &userId, int status = 200) const;
    [[nodiscard]] Result<store::ScimUser> find(Tables &tables, const AdminCall &call) const;
    [[nodiscard]] Result<void> checkUnique(Tables &tables, const UserWish &wish,
                                           const QString &userId) const;
    [[nodiscard]] Result<User> make(Tables &tables, const AdminCall &call, const UserWish &wish);
    [[nodiscard]] Result<User> adopt(Tables &tables, const AdminCall &call, const UserWish &wish,
                                     User user);
    [[nodiscard]] Result<void> update(Tables &tables, const AdminCall &call, const UserWish &wish,
                                      store::ScimUser user);
    [[nodiscard]] Result<void> setActive(Tables &tables, const AdminCall &call, User &user,
                                         bool isActive);
    [[nodiscard]] Result<QJsonObject> recorded(Tables &tables, const User &user,
                                               const store::ScimFacts &facts) const;

    const ScimRoom m_room;
    const ScimSettings &m_settings;
};

} // namespace delta::admin::scim

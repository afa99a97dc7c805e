#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/scim/scim_groups.h"
#include "gateway/admin/scim/scim_room.h"
#include "gateway/admin/scim/scim_users.h"

#include <QByteArrayList>

#include <vector>

namespace delta::admin::scim {

/// SCIM 2.0 under /scim/v2: a directory provisions users and groups. Its requests come with a token of its own, and its
/// bodies, answers and errors have the shapes of RFC 7644. Used on the thread that owns the store.
class ScimApi
{
public:
    /// `room` and `users` are borrowed, and outlive it.
    ScimApi(const ControlRoom &room, EntityApi<User> &users, ScimSettings settings)
        : m_settings(std::move(settings))
        , m_effects(room, users, m_settings)
        , m_users({room, users, m_effects}, m_settings)
        , m_groups({room, users, m_effects})
    {
    }
    ScimApi(const ScimApi &) = delete;
    ScimApi &operator=(const ScimApi &) = delete;

    [[nodiscard]] std::vector<AdminRoute> routes();
    /// Answers a request of one of the routes, whatever comes of it.
    [[nodiscard]] Answer serve(const AdminRoute &route, const ports::HttpRequest &request,
                               const QByteArrayList &path);

private:
    [[nodiscard]] Result<Caller> callerOf(const ports::HttpRequest &request) const;
    [[nodiscard]] Result<Answer> answer(const AdminRoute &route, const ports::HttpRequest &request,
                                        const QByteArrayList &path);

    const ScimSettings m_settings;
    GroupEffects m_effects;
    ScimUsers m_users;
    ScimGroups m_groups;
};

} // namespace delta::admin::scim

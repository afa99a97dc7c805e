#pragma once

#include "gateway/admin/resources/entity_api.h"
#include "gateway/auth/pepper.h"
#include "shared/models/managed_key.h"

#include <vector>

namespace delta::admin {

/// What keys need beside the rest. Borrowed; outlives them.
struct KeyRoom {
    const ControlRoom &room;
    const auth::Pepper &pepper;
};

[[nodiscard]] EntityKind<ManagedKey> keyKind(const KeyRoom &room);

/// The routes of keys beside those that all objects have: rotation, with an overlap in which the text before is good
/// too, its early end, and commands for many keys at once. Called on the thread that owns the store.
class KeyCommands
{
public:
    KeyCommands(const KeyRoom &room, EntityApi<ManagedKey> &keys)
        : m_room(room)
        , m_keys(keys)
    {
    }
    KeyCommands(const KeyCommands &) = delete;
    KeyCommands &operator=(const KeyCommands &) = delete;

    [[nodiscard]] std::vector<AdminRoute> routes();

private:
    [[nodiscard]] Result<Answer> rotate(const AdminCall &call);
    [[nodiscard]] Result<Answer> endOverlap(const AdminCall &call);
    [[nodiscard]] Result<Answer> changeMany(const AdminCall &call);
    [[nodiscard]] Result<void> changeOne(const AdminCall &call, const QString &action);
    template <typename Work>
    [[nodiscard]] Result<Answer> changing(const Work &work);

    const KeyRoom m_room;
    EntityApi<ManagedKey> &m_keys;
};

} // namespace delta::admin

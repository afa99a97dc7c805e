#include "gateway/admin/resources/audit_log.h"

#include "gateway/admin/resources/read_only_list.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

/// Who may not see an event is told that there is none.
Result<Answer> show(const ControlRoom &room, const AdminCall &call)
{
    std::optional<AuditEvent> found;
    bool isNumber = false;
    const qint64 sequence = call.pathText(0).toLongLong(&isNumber);
    TRY_VOID(room.store.look([&](store::ControlTables &tables) -> Result<void> {
        if (isNumber) {
            TRY(found, tables.auditEvents.find({QString::number(sequence)}));
        }
        return {};
    }));
    const bool isVisible = found
        && call.caller.may(Permission::AuditRead,
                           {.organizationId = found->organizationId,
                            .teamId = found->teamId,
                            .userId = {},
                            .serviceAccountId = {}});
    if (!isVisible) {
        return failure(ApiError::notFound(u"There is no such event, or you may not see it."_s,
                                          u"sequence"_s, u"event_not_found"_s));
    }
    return jsonAnswer(toJson(*found));
}

} // namespace

std::vector<AdminRoute> auditRoutes(const ControlRoom &room)
{
    return {{"GET", "/ui/api/audit/events",
             [list = ReadOnlyList<AuditEvent>{room, &store::ControlTables::auditEvents,
                                              Permission::AuditRead, "audit-events"_ba}](
                 const AdminCall &call) { return list.answer(call); }},
            {"GET", "/ui/api/audit/events/{sequence}",
             [&room](const AdminCall &call) { return show(room, call); }}};
}

} // namespace delta::admin

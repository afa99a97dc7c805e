#include "gateway/admin/resources/audit_log.h"

#include "gateway/admin/contract/list_download.h"
#include "gateway/admin/contract/list_query.h"
#include "gateway/store/control_tables.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

Result<ListRows> readRows(const ControlRoom &room, const store::ListQuestion &question)
{
    ListRows rows;
    TRY_VOID(room.store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(const store::ListPage<AuditEvent> found, tables.auditEvents.list(question));
        for (const AuditEvent &event : found.items) {
            rows.items.push_back(toJson(event));
        }
        rows.next = found.next;
        return {};
    }));
    return rows;
}

Result<Answer> list(const ControlRoom &room, const AdminCall &call)
{
    TRY(const ListFormat format, readListFormat(call.query));
    TRY(store::ListQuestion question,
        readListQuery(call.query, store::auditList(), Downloads::Offered));
    question.reach = call.caller.reach(Permission::AuditRead);
    if (format != ListFormat::Page) {
        return downloadAnswer(
            format, "audit-events", fieldNames<AuditEvent>(), std::move(question),
            [&room](const store::ListQuestion &asked) { return readRows(room, asked); });
    }
    QJsonObject page;
    TRY_VOID(room.store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(const store::ListPage<AuditEvent> found, tables.auditEvents.list(question));
        QJsonArray items;
        for (const AuditEvent &event : found.items) {
            items.append(toJson(event));
        }
        page = pageJson(found, question, items);
        return {};
    }));
    return jsonAnswer(page);
}

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
             [&room](const AdminCall &call) { return list(room, call); }},
            {"GET", "/ui/api/audit/events/{sequence}",
             [&room](const AdminCall &call) { return show(room, call); }}};
}

} // namespace delta::admin

#include "gateway/admin/contract/change_record.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

AuditActor actorOf(CallerKind kind)
{
    switch (kind) {
    case CallerKind::Master:
        return AuditActor::MasterKey;
    case CallerKind::User:
        return AuditActor::User;
    case CallerKind::ServiceAccount:
        return AuditActor::ServiceAccount;
    case CallerKind::Key:
        return AuditActor::Key;
    case CallerKind::Directory:
        return AuditActor::Scim;
    case CallerKind::Nobody:
        break;
    }
    return AuditActor::System;
}

/// Returns how somebody of a kind proves who they are.
QString methodOf(CallerKind kind)
{
    switch (kind) {
    case CallerKind::Master:
        return u"master_key"_s;
    case CallerKind::User:
        return u"session"_s;
    case CallerKind::ServiceAccount:
    case CallerKind::Key:
        return u"key"_s;
    case CallerKind::Directory:
        return u"scim_token"_s;
    case CallerKind::Nobody:
        break;
    }
    return {};
}

} // namespace

AuditEvent auditEventOf(const AdminCall &call)
{
    AuditEvent event;
    event.actorKind = actorOf(call.caller.kind);
    event.actorId = call.caller.id;
    event.actorName = call.caller.name;
    event.authMethod = methodOf(call.caller.kind);
    event.ip = QString::fromLatin1(call.request.peer);
    event.userAgent = QString::fromUtf8(
        call.request.header("user-agent").value_or(QByteArrayView()));
    event.requestId = QString::fromLatin1(call.request.id);
    return event;
}

Result<void> recordChange(store::ControlTables &tables, const AdminCall &call, const Change &change,
                          WallTime now)
{
    AuditEvent event = auditEventOf(call);
    event.at = now;
    event.action = change.action;
    event.targetKind = change.kind;
    event.targetId = change.id;
    event.targetName = change.name;
    event.organizationId = change.place.organizationId;
    event.teamId = change.place.teamId;
    event.before = change.before;
    event.after = change.after;
    event.reason = change.reason;
    return tables.audit.append(std::move(event)).transform([](const AuditEvent &) { });
}

} // namespace delta::admin

#include "gateway/identity/recorded.h"

#include "gateway/store/control_tables.h"

#include <utility>

namespace delta::identity {

using namespace Qt::StringLiterals;

AuditEvent byPerson(const ports::Person &person, const Visitor &visitor)
{
    AuditEvent event;
    event.actorKind = AuditActor::User;
    event.actorId = person.id;
    event.actorName = person.email;
    event.authMethod = u"session"_s;
    event.ip = visitor.ip;
    event.userAgent = visitor.userAgent;
    event.requestId = visitor.requestId;
    return event;
}

Result<void> recorded(const IdentityParts &parts, const AuditNote &note,
                      const std::function<Result<void>(store::LoginTables &)> &work)
{
    return parts.store.change([&](store::ControlTables &control) -> Result<void> {
        TRY(store::LoginTables *const tables, parts.store.logins());
        TRY_VOID(work(*tables));
        AuditEvent event = note.by;
        event.at = parts.clock.wall();
        event.action = note.action;
        event.targetKind = u"user"_s;
        event.targetId = note.target.id;
        event.targetName = note.target.email;
        return control.audit.append(std::move(event)).transform([](const AuditEvent &) { });
    });
}

} // namespace delta::identity

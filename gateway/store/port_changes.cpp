#include "gateway/store/port_changes.h"

#include "shared/json/enum_names.h"
#include "shared/json/json_codec.h"

#include <QStringList>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Begins the description of a change to an object of that kind.
template <typename Record>
AuditEvent changeOf(const QString &kind, const BeforeAndAfter<Record> &change)
{
    const QString verb = !change.before ? u"create"_s : !change.after ? u"delete"_s : u"update"_s;
    AuditEvent event;
    event.action = kind + u'.' + verb;
    event.targetKind = kind;
    event.before = change.before ? toJson(*change.before) : QJsonObject();
    event.after = change.after ? toJson(*change.after) : QJsonObject();
    return event;
}

template <typename Record>
const Record &eitherOf(const BeforeAndAfter<Record> &change)
{
    return change.after ? *change.after : *change.before;
}

/// Names a limit in a few words: "team t1 gpt-4o".
QString nameOf(const RateSubject &subject)
{
    QStringList words{QString(enumName(subject.scope)), subject.scopeId, subject.memberId,
                      subject.model};
    words.removeAll(QString());
    return words.join(u' ');
}

} // namespace

AuditEvent keyChange(const BeforeAndAfter<VirtualKey> &key)
{
    AuditEvent event = changeOf(u"key"_s, key);
    const VirtualKey &either = eitherOf(key);
    event.targetId = either.id;
    event.targetName = either.alias;
    event.organizationId = either.organizationId;
    event.teamId = either.teamId;
    return event;
}

AuditEvent budgetChange(const BeforeAndAfter<Budget> &budget)
{
    AuditEvent event = changeOf(u"budget"_s, budget);
    const Budget &either = eitherOf(budget);
    event.targetId = either.id;
    if (either.scope == BudgetScope::Team || either.scope == BudgetScope::TeamMember) {
        event.teamId = either.scopeId;
    } else if (either.scope == BudgetScope::Organization) {
        event.organizationId = either.scopeId;
    }
    return event;
}

AuditEvent rateLimitChange(const BeforeAndAfter<RateLimit> &limit)
{
    AuditEvent event = changeOf(u"rate_limit"_s, limit);
    const RateSubject &subject = eitherOf(limit).subject;
    event.targetId = nameOf(subject);
    if (subject.scope == RateScope::Team || subject.scope == RateScope::TeamMember) {
        event.teamId = subject.scopeId;
    } else if (subject.scope == RateScope::Organization) {
        event.organizationId = subject.scopeId;
    }
    return event;
}

AuditEvent budgetReset(const QString &budgetId, const QString &reason)
{
    AuditEvent event;
    event.action = u"budget.reset"_s;
    event.targetKind = u"budget"_s;
    event.targetId = budgetId;
    event.reason = reason;
    return event;
}

} // namespace delta::store

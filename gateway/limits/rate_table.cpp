#include "gateway/limits/rate_table.h"

#include <utility>

namespace delta::limits {

using namespace Qt::StringLiterals;

namespace {

/// A name in quotes that it cannot get out of, so that no two names give one counter.
QByteArray inQuotes(const QString &name)
{
    return '\'' + name.toUtf8().replace('\'', "''") + '\'';
}

QByteArray scopeText(const RateSubject &subject)
{
    const QByteArray id = inQuotes(subject.scopeId);
    switch (subject.scope) {
    case RateScope::Gateway:
        return "gateway"_ba;
    case RateScope::Organization:
        return "organization " + id;
    case RateScope::Team:
        return "team " + id;
    case RateScope::TeamMember:
        return "member " + inQuotes(subject.memberId) + " of the team " + id;
    case RateScope::User:
        return "user " + id;
    case RateScope::Key:
        return "API key " + id;
    case RateScope::EndUser:
        return "end user " + id;
    case RateScope::Model:
        return "model " + id;
    }
    Q_UNREACHABLE_RETURN({});
}

/// Names a member of a team. No name holds a null character.
QByteArray memberKey(const QByteArray &team, const QByteArray &user)
{
    return team + '\0' + user;
}

/// Returns what a subject's entry is found by.
QByteArray keyOf(const RateSubject &subject)
{
    const QByteArray id = subject.scopeId.toUtf8();
    return subject.scope == RateScope::TeamMember ? memberKey(id, subject.memberId.toUtf8()) : id;
}

} // namespace

QByteArray counterName(const RateSubject &subject)
{
    const QByteArray scope = scopeText(subject);
    return subject.model.isEmpty() ? scope : scope + " with the model " + inQuotes(subject.model);
}

RateTable::RateTable(std::span<const RateLimit> limits)
    : m_isEmpty(limits.empty())
{
    for (const RateLimit &limit : limits) {
        const RateSubject &subject = limit.subject;
        Entries &entries = m_scopes.at(static_cast<std::size_t>(std::to_underlying(subject.scope)));
        Entry &entry = entries[keyOf(subject)];
        limits::addRules(limit.limits, counterName(subject),
                         subject.model.isEmpty() ? entry.always
                                                 : entry.byModel[subject.model.toUtf8()]);
    }
}

const RateTable::Entries &RateTable::of(RateScope scope) const
{
    return m_scopes.at(static_cast<std::size_t>(std::to_underlying(scope)));
}

void RateTable::addRules(const SpendEntry &call, const QByteArray &group, Rules &rules) const
{
    if (m_isEmpty) {
        return;
    }
    const std::array both{call.model, group};
    const Models models = Models(both).first(group == call.model ? 1 : 2);
    add(of(RateScope::Key), call.keyId, models, rules);
    add(of(RateScope::EndUser), call.endUser, models, rules);
    if (const Entries &members = of(RateScope::TeamMember); !members.isEmpty()) {
        add(members, memberKey(call.teamId, call.userId), models, rules);
    }
    add(of(RateScope::User), call.userId, models, rules);
    add(of(RateScope::Team), call.teamId, models, rules);
    add(of(RateScope::Organization), call.organizationId, models, rules);
    for (const QByteArray &model : models) {
        add(of(RateScope::Model), model, {}, rules);
    }
    add(of(RateScope::Gateway), {}, {}, rules);
}

void RateTable::add(const Entries &entries, const QByteArray &id, Models models, Rules &rules)
{
    const auto entry = entries.constFind(id);
    if (entry == entries.cend()) {
        return;
    }
    for (const QByteArray &model : models) {
        if (const auto found = entry->byModel.constFind(model); found != entry->byModel.cend()) {
            rules.insert(rules.end(), found->begin(), found->end());
        }
    }
    rules.insert(rules.end(), entry->always.begin(), entry->always.end());
}

} // namespace delta::limits

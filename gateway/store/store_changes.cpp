#include "gateway/store/budget_resets.h"
#include "gateway/store/port_changes.h"
#include "gateway/store/store_session.h"

#include <utility>

/// \file What changes keys, budgets and rate limits through the ports of the store: it is done together with its
/// record in the audit log, or not at all.

namespace delta::store {

namespace {

using Events = std::vector<AuditEvent>;

/// Completes the description of a change by who made it.
AuditEvent by(const AuditEvent &actor, AuditEvent change, WallTime at)
{
    change.at = at;
    change.actorKind = actor.actorKind;
    change.actorId = actor.actorId;
    change.actorName = actor.actorName;
    change.authMethod = actor.authMethod;
    change.ip = actor.ip;
    change.userAgent = actor.userAgent;
    change.requestId = actor.requestId;
    return change;
}

} // namespace

/// Does the work and writes it to the audit log, or nothing of it.
Result<void> Store::record(const PortWork &work)
{
    return change([&](ControlTables &tables) -> Result<void> {
        TRY(Events events, work(*m_session));
        if (m_auditMac) {
            for (AuditEvent &event : events) {
                TRY_VOID(tables.audit.append(by(m_actor, std::move(event), m_clock.wall())));
            }
        }
        return {};
    });
}

Result<void> Store::insertKey(const ports::StoredKey &key)
{
    return record([&key](Session &current) {
        return current.keys.insert(key).transform(
            [&key] { return Events{keyChange({.after = &key.key})}; });
    });
}

Result<bool> Store::removeKey(const QString &id)
{
    bool wasThere = false;
    TRY_VOID(record([&](Session &current) -> Result<Events> {
        TRY(const std::optional<ports::StoredKey> before, current.keys.find(id));
        TRY(wasThere, current.keys.remove(id));
        return wasThere && before ? Events{keyChange({.before = &before->key})} : Events();
    }));
    return wasThere;
}

Result<void> Store::insertBudget(const Budget &budget)
{
    return record([&budget, now = m_clock.wall()](Session &current) {
        return current.budgets.insert(budget, now).transform([&budget] {
            return Events{budgetChange({.after = &budget})};
        });
    });
}

Result<bool> Store::updateBudget(const Budget &budget)
{
    bool wasThere = false;
    TRY_VOID(record([&](Session &current) -> Result<Events> {
        TRY(const std::optional<Budget> before, current.budgets.lock(budget.id));
        TRY(wasThere, current.budgets.update(budget, m_clock.wall()));
        return wasThere && before ? Events{budgetChange({&*before, &budget})} : Events();
    }));
    return wasThere;
}

Result<bool> Store::removeBudget(const QString &id)
{
    bool wasThere = false;
    TRY_VOID(record([&](Session &current) -> Result<Events> {
        TRY(const std::optional<Budget> before, current.budgets.lock(id));
        TRY(wasThere, current.budgets.remove(id));
        return wasThere && before ? Events{budgetChange({.before = &*before})} : Events();
    }));
    return wasThere;
}

Result<std::optional<ports::ResetRecord>> Store::resetBudget(const ports::ResetWish &wish)
{
    std::optional<ports::ResetRecord> written;
    TRY_VOID(record([&](Session &current) -> Result<Events> {
        TRY(written, store::resetBudget(*current.database, wish));
        return written ? Events{budgetReset(wish.budgetId, wish.reason)} : Events();
    }));
    return written;
}

Result<void> Store::putRateLimit(const RateLimit &limit)
{
    return record([&limit](Session &current) -> Result<Events> {
        TRY(const std::optional<RateLimit> before, current.rateLimits.find(limit.subject));
        TRY_VOID(current.rateLimits.put(limit));
        return Events{rateLimitChange({before ? &*before : nullptr, &limit})};
    });
}

Result<bool> Store::removeRateLimit(const RateSubject &subject)
{
    bool wasThere = false;
    TRY_VOID(record([&](Session &current) -> Result<Events> {
        TRY(const std::optional<RateLimit> before, current.rateLimits.find(subject));
        TRY(wasThere, current.rateLimits.remove(subject));
        return wasThere && before ? Events{rateLimitChange({.before = &*before})} : Events();
    }));
    return wasThere;
}

Result<bool> Store::removeRateLimitsOf(RateScope scope, const QString &scopeId)
{
    bool wereThere = false;
    TRY_VOID(record([&](Session &current) -> Result<Events> {
        TRY(const std::vector<RateLimit> before, current.rateLimits.loadOf(scope, scopeId));
        TRY(wereThere, current.rateLimits.removeOf(scope, scopeId));
        Events events;
        for (const RateLimit &limit : before) {
            events.push_back(rateLimitChange({.before = &limit}));
        }
        return events;
    }));
    return wereThere;
}

} // namespace delta::store

#pragma once

#include "gateway/alerts/alert_plan.h"
#include "gateway/ports/alert_store.h"
#include "gateway/ports/budget_standing.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/result.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <functional>
#include <map>
#include <vector>

namespace delta::alerts {

struct Reached;

/// Finds out which budgets have reached a threshold, and has each told once:
/// - per window of the calendar;
/// - where a budget is rolling, in any one duration;
/// - where it never begins anew, for good.
/// A reset begins a new window of any of them.
/// Another limit has thresholds of its own, so a limit that is raised or lowered is told about anew.
/// The store decides what is news, so several gateways and restarts tell nothing twice; what it cannot be
/// told now is told later. Used on the thread of its store.
class BudgetWatch
{
public:
    struct Parts {
        ports::AlertStore &store;
        /// Returns how those budgets stand to which something happened since it was asked last.
        std::function<std::vector<ports::BudgetStanding>(WallTime)> news;
        const Clock &clock;
        Random &random;
    };

    /// `instance`: name of the installation.
    BudgetWatch(Parts parts, AlertPlan plan, QString instance);

    /// Replaces what admins keep of who is told. What was told already is not told again.
    void useRules(std::vector<AlertRule> rules);

    /// Looks at what happened since the last look. Returns how many alerts are newly queued.
    /// Errors: StoreUnavailable; what could not be queued will be with the next look.
    [[nodiscard]] Result<int> look();

private:
    struct Pending {
        ports::AlertMark mark;
        ports::NewAlert alert;
    };

    void consider(const ports::BudgetStanding &standing, WallTime now);
    [[nodiscard]] Pending pendingOf(const ports::BudgetStanding &standing, const Reached &reached,
                                    const QStringList &channels, WallTime now) const;
    void forgetOld(WallTime now);

    const Parts m_parts;
    AlertPlan m_plan;
    const QString m_instance;
    std::map<QString, Pending> m_pending; ///< What the store does not know yet, by its mark.
    /// When the store is asked again about what it knows. It would say the same each time; but it need
    /// not be asked for every call of a budget that is over a threshold.
    QHash<QString, WallTime> m_told;
    WallTime m_forgotAt{};
};

} // namespace delta::alerts

#include "gateway/alerts/alert_plan.h"

#include "gateway/alerts/budget_alert.h"

#include <algorithm>
#include <utility>

namespace delta::alerts {

AlertPlan::AlertPlan(std::vector<int> thresholds, QStringList channels)
    : m_thresholds(std::move(thresholds))
    , m_channels(std::move(channels))
{
}

void AlertPlan::useRules(std::vector<AlertRule> rules)
{
    std::erase_if(rules, [](const AlertRule &rule) { return !rule.isEnabled; });
    m_rules = std::move(rules);
}

/// What the file says, as a rule.
AlertRule AlertPlan::standard() const
{
    AlertRule rule;
    rule.thresholds = m_thresholds;
    return rule;
}

void AlertPlan::add(const AlertRule &rule, Telling &telling) const
{
    const auto tell = [&](const QString &threshold) {
        QStringList &told = telling.channels[threshold];
        for (const QString &channel : m_channels) {
            const bool isWanted = rule.channels.isEmpty() || rule.channels.contains(channel);
            if (isWanted && !told.contains(channel)) {
                told.append(channel);
            }
        }
    };
    for (const int threshold : rule.thresholds) {
        tell(QString::number(threshold));
        telling.percentages.push_back(threshold);
    }
    if (rule.tellsSoftBudget) {
        tell(QString(softThreshold));
    }
}

Telling AlertPlan::of(const Budget &budget) const
{
    Telling telling;
    bool isCovered = false;
    for (const AlertRule &rule : m_rules) {
        if (rule.covers(budget)) {
            isCovered = true;
            add(rule, telling);
        }
    }
    if (!isCovered) {
        add(standard(), telling);
    }
    std::ranges::sort(telling.percentages);
    const auto same = std::ranges::unique(telling.percentages);
    telling.percentages.erase(same.begin(), same.end());
    return telling;
}

} // namespace delta::alerts

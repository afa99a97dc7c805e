#pragma once

#include "shared/models/alert_rule.h"
#include "shared/models/budget.h"

#include <QString>
#include <QStringList>

#include <map>
#include <vector>

namespace delta::alerts {

/// What is told of one budget.
struct Telling {
    std::vector<int> percentages;            ///< Of its limit, ascending.
    std::map<QString, QStringList> channels; ///< By threshold; one that is not here is not told.
};

/// What is told of which budget: as the rules say that cover it, or else as the configuration file says, which tells
/// of all thresholds in all channels.
class AlertPlan
{
public:
    /// `thresholds` as in AlertSettings; `channels`: those of this gateway.
    AlertPlan(std::vector<int> thresholds, QStringList channels);

    /// Replaces the rules; only those that are enabled count.
    void useRules(std::vector<AlertRule> rules);
    [[nodiscard]] Telling of(const Budget &budget) const;

private:
    [[nodiscard]] AlertRule standard() const;
    void add(const AlertRule &rule, Telling &telling) const;

    std::vector<int> m_thresholds;
    QStringList m_channels;
    std::vector<AlertRule> m_rules;
};

} // namespace delta::alerts

#include "shared/models/alert_rule.h"

#include "shared/models/text_rules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr qsizetype mostNamed = 200;

std::unexpected<ApiError> wrong(const QString &path, const QString &rule)
{
    return failure(ApiError::invalidRequest(u"'%1' %2."_s.arg(path, rule), path));
}

Result<void> checkScope(const AlertRule &rule)
{
    const bool hasObjects = rule.scope && *rule.scope != BudgetScope::Gateway;
    if (!rule.scopeIds.isEmpty() && !hasObjects) {
        return wrong(u"scope_ids"_s, u"goes with the 'scope' of an object"_s);
    }
    if (rule.scopeIds.size() > mostNamed) {
        return wrong(u"scope_ids"_s, u"must have at most %1 elements"_s.arg(mostNamed));
    }
    for (qsizetype i = 0; i < rule.scopeIds.size(); ++i) {
        TRY_VOID(checkRequired(rule.scopeIds[i], u"scope_ids[%1]"_s.arg(i)));
    }
    return {};
}

Result<void> checkThresholds(const std::vector<int> &thresholds)
{
    std::vector<int> seen;
    for (const int threshold : thresholds) {
        const QString path = u"thresholds[%1]"_s.arg(seen.size());
        TRY_VOID(checkRange(threshold, 1, 100, path));
        if (std::ranges::contains(seen, threshold)) {
            return wrong(path, u"is there already"_s);
        }
        seen.push_back(threshold);
    }
    return {};
}

Result<void> checkChannels(const QStringList &channels)
{
    for (qsizetype i = 0; i < channels.size(); ++i) {
        const QString path = u"channels[%1]"_s.arg(i);
        if (!alertChannels().contains(channels[i])) {
            return wrong(path, u"must be one of: %1"_s.arg(alertChannels().join(u", "_s)));
        }
        if (channels.indexOf(channels[i]) != i) {
            return wrong(path, u"is there already"_s);
        }
    }
    return {};
}

} // namespace

bool AlertRule::covers(const Budget &budget) const
{
    return (!scope || *scope == budget.scope)
        && (scopeIds.isEmpty() || scopeIds.contains(budget.scopeId));
}

Result<void> AlertRule::validate() const
{
    TRY_VOID(checkId(id, u"alert_rule_id"_s));
    TRY_VOID(checkRequired(name, u"name"_s));
    TRY_VOID(checkProse(description, u"description"_s));
    TRY_VOID(checkScope(*this));
    TRY_VOID(checkThresholds(thresholds));
    return checkChannels(channels);
}

const QStringList &alertChannels()
{
    static const QStringList names{u"webhook"_s, u"slack"_s, u"email"_s};
    return names;
}

} // namespace delta

#include "gateway/admin/resources/alerts.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

/// Says which channels rules name that this gateway does not have.
std::vector<QJsonObject> workOut(const ports::AlertDesk *desk, std::span<const AlertRule> rules)
{
    const QStringList there = desk ? desk->channels() : QStringList();
    return jsonOfEach(rules, [&there](const AlertRule &rule) {
        QJsonArray missing;
        for (const QString &channel : rule.channels) {
            if (!there.contains(channel)) {
                missing.append(channel);
            }
        }
        return QJsonObject{{"missing_channels"_L1, missing}};
    });
}

} // namespace

EntityKind<AlertRule> alertRuleKind(const ports::AlertDesk *desk)
{
    return {.name = "alert_rule"_L1,
            .path = "/ui/api/alert-rules"_ba,
            .prefix = "ar-"_L1,
            .id = &AlertRule::id,
            .title = &AlertRule::name,
            .block = nullptr,
            .stamp = &AlertRule::stamp,
            .read = Permission::ConfigRead,
            .table = &ControlTables::alertRules,
            .scope = std::nullopt,
            .place = [](ControlTables &, const AlertRule &) -> Result<Placement> { return {}; },
            .check = [](ControlTables &, const AdminCall &, const AlertRule &,
                        const AlertRule *) -> Result<void> { return {}; },
            .leave = [](ControlTables &, const AlertRule &) -> Result<void> { return {}; },
            .workOut = [desk](ControlTables &, std::span<const AlertRule> rules)
                -> Result<std::vector<QJsonObject>> { return workOut(desk, rules); },
            .isVersioned = true};
}

} // namespace delta::admin

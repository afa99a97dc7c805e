#include "gateway/admin/resources/alerts.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

/// Says which channels a rule names that this gateway does not have.
Result<QJsonObject> workOut(const ports::AlertDesk *desk, const AlertRule &rule)
{
    const QStringList there = desk ? desk->channels() : QStringList();
    QStringList missing;
    for (const QString &channel : rule.channels) {
        if (!there.contains(channel)) {
            missing.append(channel);
        }
    }
    return QJsonObject{{"missing_channels"_L1, QJsonArray::fromStringList(missing)}};
}

} // namespace

EntityKind<AlertRule> alertRuleKind(const ports::AlertDesk *desk)
{
    return {
        .name = "alert_rule"_L1,
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
        .workOut = [desk](ControlTables &, const AlertRule &rule) { return workOut(desk, rule); },
        .isVersioned = true};
}

} // namespace delta::admin

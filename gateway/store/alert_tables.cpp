#include "gateway/store/alert_tables.h"

#include "gateway/store/database.h"

#include <array>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

constexpr std::array ruleColumns{
    ListColumn{"scope"_L1, "scope"_L1, ColumnUse::Filter},
    ListColumn{"enabled"_L1, "enabled"_L1, ColumnUse::Flag},
    ListColumn{"name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

constexpr std::array deliveryColumns{
    ListColumn{"state"_L1, "state"_L1, ColumnUse::Filter},
    ListColumn{"channel"_L1, "channel"_L1, ColumnUse::Filter},
    ListColumn{"alert_id"_L1, "alert_id"_L1, ColumnUse::Filter},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

} // namespace

const EntityStatements &alertRuleStatements()
{
    static constexpr EntityStatements statements{"alert_rules/insert"_L1, "alert_rules/update"_L1,
                                                 "alert_rules/delete"_L1, "alert_rules/select"_L1};
    return statements;
}

const ListShape &alertRuleList()
{
    static constexpr ListShape shape{.statement = "alert_rules/list"_L1,
                                     .count = "alert_rules/count"_L1,
                                     .id = "alert_rule_id"_L1,
                                     .columns = ruleColumns,
                                     .words = "words"_L1,
                                     .wordIndex = {},
                                     .organization = {},
                                     .team = {},
                                     .user = {},
                                     .usualSort = "name"_L1};
    return shape;
}

const EntityStatements &alertOutcomeStatements()
{
    static constexpr EntityStatements statements{
        .insert = {}, .update = {}, .remove = {}, .select = "alerts/select_delivery"_L1};
    return statements;
}

const ListShape &alertOutcomeList()
{
    static constexpr ListShape shape{.statement = "alerts/list_deliveries"_L1,
                                     .count = "alerts/count_deliveries"_L1,
                                     .id = "delivery_id"_L1,
                                     .columns = deliveryColumns,
                                     .words = "lower(event)"_L1,
                                     .wordIndex = {},
                                     .organization = {},
                                     .team = {},
                                     .user = {},
                                     .usualSort = "-created_at"_L1};
    return shape;
}

Result<QString> AlertTables::ruleMark()
{
    QString mark;
    TRY_VOID(m_database.each("alert_rules/select_mark"_L1, {},
                             [&mark](const QSqlQuery &row) { mark = row.value(0).toString(); }));
    return mark;
}

Result<std::vector<AlertRule>> AlertTables::enabledRules()
{
    std::vector<AlertRule> rules;
    TRY_VOID(m_database.each("alert_rules/select_enabled"_L1, {}, [&rules](const QSqlQuery &row) {
        rules.push_back(structOf<AlertRule>(row));
    }));
    return rules;
}

Result<bool> AlertTables::requeue(const QString &deliveryId, WallTime now)
{
    return m_database
        .run("alerts/requeue"_L1, {present(deliveryId), qint64(now.time_since_epoch().count())})
        .transform([](int rows) { return rows > 0; });
}

} // namespace delta::store

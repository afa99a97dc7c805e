#pragma once

#include "gateway/store/entity_table.h"
#include "gateway/store/list_question.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/alert_outcome.h"
#include "shared/models/alert_rule.h"

#include <QString>

#include <vector>

namespace delta::store {

class Database;

[[nodiscard]] const EntityStatements &alertRuleStatements();
[[nodiscard]] const ListShape &alertRuleList();
/// What became of alerts is written by AlertRepository, and read here.
[[nodiscard]] const EntityStatements &alertOutcomeStatements();
[[nodiscard]] const ListShape &alertOutcomeList();

/// What there is to do with alerts beside lists. See Database for threads and errors.
class AlertTables
{
public:
    /// `database` is borrowed, and outlives the tables.
    explicit AlertTables(Database &database)
        : m_database(database)
    {
    }
    AlertTables(const AlertTables &) = delete;
    AlertTables &operator=(const AlertTables &) = delete;

    /// Returns a text that is another one whenever a rule was made, changed or removed.
    [[nodiscard]] Result<QString> ruleMark();
    /// Returns the rules that hold.
    [[nodiscard]] Result<std::vector<AlertRule>> enabledRules();
    /// Has an alert that was given up sent again. Returns whether it was given up.
    [[nodiscard]] Result<bool> requeue(const QString &deliveryId, WallTime now);

private:
    Database &m_database;
};

} // namespace delta::store

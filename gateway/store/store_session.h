#pragma once

#include "gateway/store/alert_repository.h"
#include "gateway/store/budget_repository.h"
#include "gateway/store/budget_tallies.h"
#include "gateway/store/control_tables.h"
#include "gateway/store/database.h"
#include "gateway/store/gateway_table.h"
#include "gateway/store/journal_row.h"
#include "gateway/store/key_repository.h"
#include "gateway/store/login_tables.h"
#include "gateway/store/past_sums.h"
#include "gateway/store/rate_limit_repository.h"
#include "gateway/store/sealing_keys.h"
#include "gateway/store/spend_poster.h"
#include "gateway/store/spend_reports.h"
#include "gateway/store/store.h"

#include <memory>
#include <utility>

namespace delta::store {

/// A connection and what works on it. The poster's statement must go before the connection.
struct Store::Session {
    Session(std::unique_ptr<Database> connection, const QString &journalName, AuditMac auditMac)
        : database(std::move(connection))
        , journal(*database, journalName)
        , poster(*database, journalName)
        , keys(*database)
        , budgets(*database)
        , tallies(*database)
        , rateLimits(*database)
        , gateways(*database, journal)
        , reports(*database)
        , alerts(*database)
        , control(*database, std::move(auditMac))
        , sealingKeys(*database)
        , logins(*database)
    {
    }

    std::unique_ptr<Database> database;
    JournalRow journal;
    SpendPoster poster;
    KeyRepository keys;
    BudgetRepository budgets;
    BudgetTallies tallies;
    RateLimitRepository rateLimits;
    GatewayTable gateways;
    SpendReports reports;
    PastSums pastSums;
    AlertRepository alerts;
    ControlTables control;
    SealingKeys sealingKeys;
    LoginTables logins;
};

} // namespace delta::store

#pragma once

#include "gateway/admin/budget_service.h"
#include "gateway/admin/key_service.h"
#include "gateway/admin/rate_limit_service.h"
#include "gateway/app/options.h"
#include "gateway/auth/pepper.h"
#include "gateway/store/store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace delta::app {

/// What the commands on keys, budgets, limits and the ledger work with, beside a gateway or without one.
struct CommandRoom {
    SystemClock clock;
    SystemRandom random;
    std::optional<store::Store> store;
    std::optional<auth::Pepper> pepper;
    std::optional<admin::BudgetService> budgets;
    std::optional<admin::RateLimitService> limits;
    std::optional<admin::KeyService> keys;
};

/// What a command does where no store is yet.
enum class IfNoStore { Make, Fail };

/// Finds the database of the state folder, or the one that the configuration names instead.
/// Errors: InvalidRequest if the configuration does not say which; what is wrong with it is printed.
[[nodiscard]] Result<store::DatabaseAddress> findDatabase(const Options &options);

/// Opens the store of the state folder, or the one that the configuration names instead, and nothing else of the
/// room. Errors: StoreUnavailable; InvalidRequest if the configuration does not say which.
[[nodiscard]] Result<void> openStore(const Options &options, IfNoStore ifNoStore,
                                     CommandRoom &room);

/// Opens the store as openStore() does, and all that stands on it, which needs the pepper of the state folder.
/// Errors: those of openStore(); StoreUnavailable if there are keys and no pepper.
[[nodiscard]] Result<void> openRoom(const Options &options, IfNoStore ifNoStore, CommandRoom &room);

/// Prints why a command failed.
[[nodiscard]] ExitCode fail(const ApiError &error);

/// Prints an object on one line, for programs.
void printJson(const QJsonObject &object);

} // namespace delta::app

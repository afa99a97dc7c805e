#include "gateway/app/command_room.h"

#include "gateway/app/configuration.h"
#include "gateway/app/console.h"
#include "gateway/app/state_folder.h"
#include "gateway/auth/audit_key.h"

#include <QFileInfo>
#include <QJsonDocument>

#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

/// Refuses a place without a store: a mistyped folder must not be made, and then said to add up.
Result<void> requireStore(const store::DatabaseAddress &address)
{
    if (address.dialect != store::Dialect::Sqlite || QFileInfo::exists(address.place)) {
        return {};
    }
    return failure(ApiError::storeUnavailable(
        u"There is no store at %1; name its folder with --state-dir, or its configuration with "
        "--config."_s.arg(address.shown())));
}

/// Whoever may run commands on the state folder: the system knows them by name.
AuditEvent operatorHere()
{
    AuditEvent actor;
    actor.actorName = u"command line"_s;
    actor.authMethod = u"command_line"_s;
    actor.actorId = QString::fromLocal8Bit(qgetenv("SUDO_USER"));
    if (actor.actorId.isEmpty()) {
        actor.actorId = QString::fromLocal8Bit(qgetenv("USER"));
    }
    return actor;
}

} // namespace

Result<store::DatabaseAddress> findDatabase(const Options &options)
{
    config::Config config;
    if (!options.configFile.isEmpty()) {
        const PriceBook prices = PriceBook::builtIn();
        const SystemClock clock;
        auto url = config::loadDatabaseUrl(options.configFile, surroundings(prices, clock));
        if (!url) {
            for (const config::Problem &problem : url.error()) {
                printError(problem.toString());
            }
            return failure(
                ApiError::invalidRequest(u"The configuration does not say where the store is."_s));
        }
        config.databaseUrl = *std::move(url);
    }
    return databaseAddress(config, StateFolder::databaseFileIn(options.stateDir));
}

Result<void> openStore(const Options &options, IfNoStore ifNoStore, CommandRoom &room)
{
    TRY(const store::DatabaseAddress address, findDatabase(options));
    if (ifNoStore == IfNoStore::Fail) {
        TRY_VOID(requireStore(address));
    }
    if (address.dialect == store::Dialect::Sqlite) {
        TRY([[maybe_unused]] const StateFolder folder, StateFolder::open(options.stateDir));
    }
    room.store.emplace(address, room.clock);
    return room.store->open();
}

Result<void> openRoom(const Options &options, IfNoStore ifNoStore, CommandRoom &room)
{
    TRY_VOID(openStore(options, ifNoStore, room));
    TRY(const StateFolder folder, StateFolder::open(options.stateDir));
    TRY(const bool hasKeys, room.store->hasKeys());
    auto pepper = auth::Pepper::open(
        folder.pepperFile(), hasKeys ? auth::IfAbsent::Fail : auth::IfAbsent::Create, room.random);
    if (!pepper) {
        return failure(ApiError::storeUnavailable(pepper.error()));
    }
    room.pepper.emplace(*std::move(pepper));
    room.store->useAuditMac(auth::auditMac(*room.pepper));
    room.store->seat(operatorHere());
    room.budgets.emplace(admin::BudgetService::Parts{*room.store, room.clock, room.random});
    room.limits.emplace(admin::RateLimitService::Parts{*room.store});
    room.keys.emplace(admin::KeyService::Parts{*room.store, *room.pepper, room.clock, room.random,
                                               nullptr, &*room.budgets, &*room.limits});
    return {};
}

ExitCode fail(const ApiError &error)
{
    printError(error.message);
    return ExitCode::Failed;
}

void printJson(const QJsonObject &object)
{
    printLine(QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
}

} // namespace delta::app

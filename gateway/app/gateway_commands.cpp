#include "gateway/app/gateway_commands.h"

#include "gateway/app/command_room.h"
#include "gateway/app/console.h"
#include "gateway/ports/gateway_roll.h"
#include "gateway/store/store.h"
#include "shared/json/value_codec.h"

#include <QJsonValue>

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

namespace delta::app {

using namespace Qt::StringLiterals;
using ports::GatewayEntry;
using ports::GatewayHolding;

namespace {

constexpr std::chrono::milliseconds recently{60'000};

/// Opens the database that gateways share. Errors: InvalidRequest for a file, which none shares.
Result<void> openShared(const Options &options, const Clock &clock,
                        std::optional<store::Store> &store)
{
    TRY(const store::DatabaseAddress address, findDatabase(options));
    if (address.dialect == store::Dialect::Sqlite) {
        return failure(ApiError::invalidRequest(
            u"The store at %1 is a file, which has one gateway. Name the configuration of gateways "
            "that share a PostgreSQL with --config."_s.arg(address.shown())));
    }
    store.emplace(address, clock);
    return store->open();
}

QString timeText(WallTime time)
{
    return JsonCodec<WallTime>::encode(time).toString();
}

QString holdingText(const GatewayHolding &held)
{
    return held.budgets == 0
        ? u"nothing"_s
        : u"%1 USD of %2 budget(s)"_s.arg(held.amount.toUsd()).arg(held.budgets);
}

/// Says what of its journal the database lacks, as far as it said so itself.
QString journalText(const GatewayEntry &entry)
{
    if (!entry.seen) {
        return u"journal not known"_s;
    }
    const ports::GatewayReport &report = entry.seen->report;
    return report.openCalls == 0 && report.backlogBytes == 0
        ? u"all posted"_s
        : u"%1 call(s) under way, %2 byte(s) not posted"_s.arg(report.openCalls)
              .arg(report.backlogBytes);
}

QString seenText(const GatewayEntry &entry)
{
    if (!entry.seen) {
        return u"never seen"_s;
    }
    return u"%1  %2  started %3  seen %4, %5 s ago"_s.arg(
        entry.seen->report.host, entry.seen->report.version, timeText(entry.seen->startedAt),
        timeText(entry.seen->at),
        QString::number(std::chrono::floor<std::chrono::seconds>(entry.seen->ago).count()));
}

QJsonObject jsonOf(const GatewayEntry &entry)
{
    QJsonObject object{{u"id"_s, entry.journal},
                       {u"journal"_s, entry.name},
                       {u"held"_s, JsonCodec<Money>::encode(entry.holding.amount)},
                       {u"held_budgets"_s, entry.holding.budgets}};
    if (!entry.seen) {
        object.insert(u"last_seen_at"_s, QJsonValue(QJsonValue::Null));
        return object;
    }
    const GatewayEntry::Seen &seen = *entry.seen;
    object.insert(u"host"_s, seen.report.host);
    object.insert(u"version"_s, seen.report.version);
    object.insert(u"started_at"_s, timeText(seen.startedAt));
    object.insert(u"last_seen_at"_s, timeText(seen.at));
    object.insert(u"last_seen_seconds_ago"_s,
                  qint64(std::chrono::floor<std::chrono::seconds>(seen.ago).count()));
    object.insert(u"open_calls"_s, seen.report.openCalls);
    object.insert(u"unposted_bytes"_s, seen.report.backlogBytes);
    return object;
}

void printGateway(const GatewayEntry &entry, OutputForm form)
{
    if (form == OutputForm::Json) {
        printJson(jsonOf(entry));
        return;
    }
    printLine(u"%1  %2  holds %3  %4"_s.arg(QString::number(entry.journal), seenText(entry),
                                            holdingText(entry.holding), journalText(entry)));
}

/// Says why a gateway should not be forgotten; nothing if it may be.
QString objectionTo(const GatewayEntry &entry)
{
    if (!entry.seen) {
        return u"It is not known when gateway %1 was last seen. If it is gone for good, add "
               "--force."_s.arg(entry.journal);
    }
    return entry.seen->ago >= recently
        ? QString()
        : u"Gateway %1 on %2 was seen %3 s ago, so it seems to run. If it is gone for good, add --force."_s
              .arg(entry.journal)
              .arg(entry.seen->report.host)
              .arg(std::chrono::floor<std::chrono::seconds>(entry.seen->ago).count());
}

ExitCode forget(store::Store &store, const GatewayEntry &entry, const Options &options)
{
    if (const QString objection = objectionTo(entry);
        !objection.isEmpty() && options.ifGatewaySeen == IfGatewaySeen::Refuse) {
        printError(objection);
        return ExitCode::Failed;
    }
    const auto held = store.forgetGateway(
        entry.journal,
        options.ifGatewaySeen == IfGatewaySeen::Refuse ? std::optional(recently) : std::nullopt);
    if (!held) {
        return fail(held.error());
    }
    if (!*held) {
        printError(
            u"Gateway %1 is back, or was forgotten meanwhile; see: deltallm-gateway gateways list"_s
                .arg(entry.journal));
        return ExitCode::Failed;
    }
    printLine(u"Forgotten. It held %1, which others can spend now."_s.arg(holdingText(**held)));
    printLine(u"When it was last seen: %1. Calls that only its journal knows are not in the books. "
              u"If it comes "
              "back they are posted then, and may exceed limits by what it held at most."_s.arg(
                  journalText(entry)));
    return ExitCode::Ok;
}

} // namespace

ExitCode listGateways(const Options &options)
{
    const SystemClock clock;
    std::optional<store::Store> store;
    const auto entries = openShared(options, clock, store).and_then([&store] {
        return store->gateways();
    });
    if (!entries) {
        return fail(entries.error());
    }
    for (const GatewayEntry &entry : *entries) {
        printGateway(entry, options.output);
    }
    if (entries->empty() && options.output == OutputForm::Text) {
        printLine(u"No gateway runs on this database, and none holds anything."_s);
    }
    return ExitCode::Ok;
}

ExitCode forgetGateway(const Options &options)
{
    const SystemClock clock;
    std::optional<store::Store> store;
    const auto entries = openShared(options, clock, store).and_then([&store] {
        return store->gateways();
    });
    if (!entries) {
        return fail(entries.error());
    }
    const auto entry = std::ranges::find(*entries, options.gatewayId, &GatewayEntry::journal);
    if (entry == entries->end()) {
        printError(u"No gateway has the id %1; see: deltallm-gateway gateways list"_s.arg(
            options.gatewayId));
        return ExitCode::Failed;
    }
    return forget(*store, *entry, options);
}

} // namespace delta::app

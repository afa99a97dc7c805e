#include "gateway/app/alert_commands.h"

#include "gateway/alerts/budget_alert.h"
#include "gateway/alerts/channel.h"
#include "gateway/app/command_room.h"
#include "gateway/app/configuration.h"
#include "gateway/app/console.h"
#include "gateway/config/config_loader.h"
#include "gateway/store/alert_outbox.h"
#include "shared/json/value_codec.h"

#include <QJsonDocument>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostListed = 1000;

/// Returns what the configuration says, or what the command ends with.
std::expected<config::Config, ExitCode> loadAlerts(const Options &options)
{
    if (options.configFile.isEmpty()) {
        printError(u"No configuration file: name one with --config."_s);
        return std::unexpected(ExitCode::Usage);
    }
    const PriceBook prices = PriceBook::builtIn();
    const SystemClock clock;
    auto loaded = config::loadAlertSettings(options.configFile, surroundings(prices, clock));
    for (const config::Problem &problem : loaded ? loaded->warnings : loaded.error()) {
        printError((loaded ? u"note: "_s : QString()) + problem.toString());
    }
    if (!loaded) {
        return std::unexpected(ExitCode::BadConfig);
    }
    if (!loaded->config.alerts.hasChannels()) {
        printError(u"%1 names no channel for alerts: set general_settings.alerts.webhook.url, "
                   "slack.url or email.host."_s.arg(options.configFile));
        return std::unexpected(ExitCode::Failed);
    }
    return std::move(loaded->config);
}

alerts::OutgoingAlert makeTest(const QString &instance)
{
    SystemRandom random;
    const SystemClock clock;
    alerts::OutgoingAlert test;
    test.now = clock.wall();
    test.alert = alerts::BudgetAlert::test(instance, test.now, random);
    test.event = test.alert.toEvent();
    return test;
}

/// Returns what is still to come, or went wrong: "next attempt …", an error, or nothing.
QString remarkOf(const ports::AlertRecord &record)
{
    const QString error = record.error.isEmpty() ? QString() : u"  "_s + record.error;
    if (record.state != "queued"_L1) {
        return error;
    }
    return u"  next attempt at "_s + JsonCodec<WallTime>::encode(record.dueAt).toString() + error;
}

void printAlert(const ports::AlertRecord &record, OutputForm form)
{
    const QString at = JsonCodec<WallTime>::encode(record.createdAt).toString();
    if (form == OutputForm::Json) {
        QJsonObject object{{u"alert_id"_s, record.place.id},
                           {u"channel"_s, record.place.channel},
                           {u"state"_s, record.state},
                           {u"created_at"_s, at},
                           {u"attempts"_s, record.attempts},
                           {u"error"_s, record.error},
                           {u"event"_s, QJsonDocument::fromJson(record.event).object()}};
        object.insert(u"due_at"_s,
                      record.state == "queued"_L1 ? JsonCodec<WallTime>::encode(record.dueAt)
                                                  : QJsonValue(QJsonValue::Null));
        printJson(object);
        return;
    }
    const auto alert = alerts::BudgetAlert::fromEvent(record.event);
    printLine(u"%1  %2  %3  attempts %4  %5%6"_s.arg(
        at, record.place.channel, record.state, QString::number(record.attempts),
        alert ? alert->headline() : record.place.id, remarkOf(record)));
}

} // namespace

ExitCode testAlerts(const Options &options)
{
    const auto config = loadAlerts(options);
    if (!config) {
        return config.error();
    }
    const alerts::OutgoingAlert test = makeTest(config->instanceName);
    const net::SideCaller caller({.caFile = config->alerts.caFile}, {});
    ExitCode exit = ExitCode::Ok;
    for (const auto &channel : alerts::makeChannels(config->alerts)) {
        if (const auto sent = channel->send(test, caller)) {
            printLine(channel->name() + u": delivered, as "_s + test.alert.id);
        } else {
            printError(channel->name() + u": not delivered: "_s + sent.error().reason);
            exit = ExitCode::Failed;
        }
    }
    return exit;
}

ExitCode listAlerts(const Options &options)
{
    CommandRoom room;
    const auto records = openRoom(options, IfNoStore::Fail, room).and_then([&room] {
        return store::AlertOutbox(*room.store).newest(mostListed);
    });
    if (!records) {
        return fail(records.error());
    }
    for (const ports::AlertRecord &record : *records) {
        printAlert(record, options.output);
    }
    if (records->empty() && options.output == OutputForm::Text) {
        printLine(u"There are no alerts. Try the channels with: deltallm-gateway alerts test"_s);
    }
    return ExitCode::Ok;
}

} // namespace delta::app

#include "gateway/app/commands.h"

#include "gateway/admin/budget_json.h"
#include "gateway/admin/duration.h"
#include "gateway/admin/key_service.h"
#include "gateway/app/budget_commands.h"
#include "gateway/app/command_room.h"
#include "gateway/app/configuration.h"
#include "gateway/app/console.h"
#include "shared/json/json_codec.h"

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

Result<VirtualKey> wishOf(const Options &options, const Clock &clock)
{
    VirtualKey wish;
    wish.alias = options.keyAlias;
    wish.userId = options.keyUser;
    wish.teamId = options.keyTeam;
    wish.organizationId = options.keyOrganization;
    wish.tags = options.keyTags;
    wish.models = options.keyModels;
    wish.limits = options.keyLimits;
    if (!options.keyDuration.isEmpty()) {
        TRY(const std::chrono::seconds lifetime,
            admin::readDuration(options.keyDuration, u"--expires"_s));
        wish.expiresAt = clock.wall() + lifetime;
    }
    return wish;
}

/// Returns what a sentence about a new key says of it beside its id.
QString detailsOf(const admin::CreatedKey &created)
{
    const QString &alias = created.key.alias;
    const QString name = alias.isEmpty() ? QString() : u" (%1)"_s.arg(alias);
    return created.budget ? name + u", with a budget of "_s + limitText(*created.budget) : name;
}

void printCreated(const admin::CreatedKey &created, OutputForm form)
{
    const QString secret = QString::fromLatin1(created.secret.reveal());
    if (form == OutputForm::Json) {
        QJsonObject object = toJson(created.key);
        object.insert("key"_L1, secret);
        object.insert("key_id"_L1, created.key.id);
        admin::addKeyBudget(object, created.budget);
        printJson(object);
        return;
    }
    printLine(
        u"Key %1%2. Its secret is shown this once:"_s.arg(created.key.id, detailsOf(created)));
    printLine(secret);
}

QString stateOf(const VirtualKey &key, WallTime now)
{
    if (key.blocked) {
        return u"blocked"_s;
    }
    return key.expiresAt && *key.expiresAt <= now ? u"expired"_s : u"active"_s;
}

void printKey(const VirtualKey &key, OutputForm form, WallTime now)
{
    if (form == OutputForm::Json) {
        printJson(toJson(key));
        return;
    }
    const QString models = key.models.isEmpty() ? u"all models"_s : key.models.join(u", "_s);
    printLine(u"%1  …%2  %3  %4 USD  %5  %6"_s.arg(key.id, key.hint, stateOf(key, now),
                                                   key.spend.toUsd(), models, key.alias));
}

} // namespace

ExitCode checkConfig(const Options &options)
{
    if (options.configFile.isEmpty()) {
        printError(u"No configuration file: name one with --config."_s);
        return ExitCode::Usage;
    }
    const PriceBook prices = PriceBook::builtIn();
    const SystemClock clock;
    auto loaded = config::load(options.configFile, surroundings(prices, clock));
    const config::Problems problems = loaded ? checkCertificates(loaded->config) : loaded.error();
    for (const config::Problem &problem : problems) {
        printError(problem.toString());
    }
    if (!problems.empty()) {
        printError(u"%1: %2 problem(s); the configuration does not load."_s.arg(options.configFile)
                       .arg(problems.size()));
        return ExitCode::BadConfig;
    }
    addBuiltInModels(loaded->config, prices);
    for (const config::Problem &warning : loaded->warnings) {
        printLine(u"note: "_s + warning.toString());
    }
    printLine(u"%1 is good: %2 deployment(s)."_s.arg(options.configFile)
                  .arg(loaded->config.endpoints.size()));
    return ExitCode::Ok;
}

ExitCode createKeys(const Options &options)
{
    CommandRoom room;
    const auto opened = openRoom(options, IfNoStore::Make, room);
    if (!opened) {
        return fail(opened.error());
    }
    const auto wish = wishOf(options, room.clock);
    if (!wish) {
        return fail(wish.error());
    }
    for (int number = 1; number <= options.keyCount; ++number) {
        VirtualKey numbered = *wish;
        if (options.keyCount > 1 && !numbered.alias.isEmpty()) {
            numbered.alias += u'-' + QString::number(number);
        }
        const auto created = room.keys->create(numbered, options.keyBudget);
        if (!created) {
            return fail(created.error());
        }
        printCreated(*created, options.output);
    }
    return ExitCode::Ok;
}

ExitCode listKeys(const Options &options)
{
    CommandRoom room;
    const auto keys = openRoom(options, IfNoStore::Fail, room).and_then([&room] {
        return room.keys->list();
    });
    if (!keys) {
        return fail(keys.error());
    }
    for (const VirtualKey &key : *keys) {
        printKey(key, options.output, room.clock.wall());
    }
    if (keys->empty() && options.output == OutputForm::Text) {
        printLine(u"There are no keys. Make one with: deltallm-gateway keys create"_s);
    }
    return ExitCode::Ok;
}

ExitCode revokeKey(const Options &options)
{
    CommandRoom room;
    const auto revoked = openRoom(options, IfNoStore::Fail, room).and_then([&] {
        return room.keys->revoke(options.keyId);
    });
    if (!revoked) {
        return fail(revoked.error());
    }
    if (!*revoked) {
        printError(u"No key has the id or alias \"%1\"; see: deltallm-gateway keys list"_s.arg(
            options.keyId));
        return ExitCode::Failed;
    }
    printLine(u"Revoked. Running gateways refuse it within a second."_s);
    return ExitCode::Ok;
}

} // namespace delta::app

#include "gateway/app/commands.h"

#include "gateway/admin/duration.h"
#include "gateway/admin/key_service.h"
#include "gateway/app/configuration.h"
#include "gateway/app/console.h"
#include "gateway/app/state_folder.h"
#include "gateway/store/sqlite_store.h"
#include "shared/json/json_codec.h"

#include <QFileInfo>
#include <QJsonDocument>

#include <optional>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

ExitCode fail(const ApiError &error)
{
    printError(error.message);
    return ExitCode::Failed;
}

/// Finds the database of the state folder, or the one that the configuration names instead.
Result<QString> findDatabase(const Options &options)
{
    config::Config config;
    if (!options.configFile.isEmpty()) {
        const PriceBook prices = PriceBook::builtIn();
        auto url = config::loadDatabaseUrl(options.configFile, surroundings(prices));
        if (!url) {
            for (const config::Problem &problem : url.error()) {
                printError(problem.toString());
            }
            return failure(
                ApiError::invalidRequest(u"The configuration does not say where the store is."_s));
        }
        config.databaseUrl = *std::move(url);
    }
    return databaseFile(config, StateFolder::databaseFileIn(options.stateDir));
}

/// What the key commands work with.
struct KeyRoom {
    SystemClock clock;
    SystemRandom random;
    std::optional<store::SqliteStore> store;
    std::optional<auth::Pepper> pepper;
    std::optional<admin::KeyService> keys;
};

/// What a command does where no store is yet.
enum class IfNoStore { Make, Fail };

/// Refuses a place without a store: a mistyped folder must not be made, and then said to add up.
Result<void> requireStore(const QString &file)
{
    if (QFileInfo::exists(file)) {
        return {};
    }
    return failure(ApiError::storeUnavailable(
        u"There is no store at %1; name its folder with --state-dir, or its configuration with "
        "--config."_s.arg(file)));
}

Result<void> openRoom(const Options &options, IfNoStore ifNoStore, KeyRoom &room)
{
    TRY(const QString file, findDatabase(options));
    if (ifNoStore == IfNoStore::Fail) {
        TRY_VOID(requireStore(file));
    }
    TRY(const StateFolder folder, StateFolder::open(options.stateDir));
    room.store.emplace(file, room.clock);
    TRY_VOID(room.store->open());
    TRY(const auto existing, room.store->loadKeys());
    auto pepper = auth::Pepper::open(
        folder.pepperFile(), existing.empty() ? auth::IfAbsent::Create : auth::IfAbsent::Fail,
        room.random);
    if (!pepper) {
        return failure(ApiError::storeUnavailable(pepper.error()));
    }
    room.pepper.emplace(*std::move(pepper));
    room.keys.emplace(
        admin::KeyService::Parts{*room.store, *room.pepper, room.clock, room.random, nullptr});
    return {};
}

Result<VirtualKey> wishOf(const Options &options, const Clock &clock)
{
    VirtualKey wish;
    wish.alias = options.keyAlias;
    wish.userId = options.keyUser;
    wish.teamId = options.keyTeam;
    wish.models = options.keyModels;
    if (!options.keyDuration.isEmpty()) {
        TRY(const std::chrono::seconds lifetime,
            admin::readDuration(options.keyDuration, u"--expires"_s));
        wish.expiresAt = clock.wall() + lifetime;
    }
    return wish;
}

QString line(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

void printCreated(const admin::CreatedKey &created, OutputForm form)
{
    const QString secret = QString::fromLatin1(created.secret.reveal());
    if (form == OutputForm::Json) {
        QJsonObject object = toJson(created.key);
        object.insert("key"_L1, secret);
        object.insert("key_id"_L1, created.key.id);
        printLine(line(object));
        return;
    }
    printLine(u"Key %1%2. Its secret is shown this once:"_s.arg(
        created.key.id,
        created.key.alias.isEmpty() ? QString() : u" ("_s + created.key.alias + u')'));
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
        printLine(line(toJson(key)));
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
    auto loaded = config::load(options.configFile, surroundings(prices));
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
    KeyRoom room;
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
        const auto created = room.keys->create(numbered);
        if (!created) {
            return fail(created.error());
        }
        printCreated(*created, options.output);
    }
    return ExitCode::Ok;
}

ExitCode listKeys(const Options &options)
{
    KeyRoom room;
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
    KeyRoom room;
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

ExitCode verifyLedger(const Options &options)
{
    KeyRoom room;
    const auto verification = openRoom(options, IfNoStore::Fail, room).and_then([&room] {
        return room.store->verify();
    });
    if (!verification) {
        return fail(verification.error());
    }
    printLine(verification->toText());
    return verification->isSound() ? ExitCode::Ok : ExitCode::LedgerBroken;
}

} // namespace delta::app

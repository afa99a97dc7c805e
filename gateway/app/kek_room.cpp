#include "gateway/app/kek_room.h"

#include "gateway/app/configuration.h"
#include "gateway/app/console.h"
#include "gateway/app/state_folder.h"
#include "gateway/auth/audit_key.h"
#include "gateway/store/control_tables.h"

#include <algorithm>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

Result<QString> configuredFile(const Options &options)
{
    if (options.configFile.isEmpty()) {
        return QString();
    }
    const PriceBook prices = PriceBook::builtIn();
    const SystemClock clock;
    auto file = config::loadKekFile(options.configFile, surroundings(prices, clock));
    if (!file) {
        for (const config::Problem &problem : file.error()) {
            printError(problem.toString());
        }
        return failure(ApiError::invalidRequest(
            u"The configuration does not say where the sealing keys are."_s));
    }
    return *std::move(file);
}

QString placeOf(const secrets::KeySources &sources)
{
    const QString credential = secrets::credentialFile(sources);
    if (!credential.isEmpty()) {
        return credential;
    }
    return sources.configuredFile.isEmpty() ? sources.stateFile : sources.configuredFile;
}

} // namespace

Result<void> KekRoom::readRing()
{
    auto read = secrets::KeyRing::open(sources, secrets::IfNoKey::Fail, random);
    if (!read) {
        return failure(ApiError::storeUnavailable(read.error()));
    }
    ring = *std::move(read);
    return {};
}

bool SealingState::isAnnounced(const QString &kekId) const
{
    return std::ranges::contains(keys, kekId, &store::SealingKeyRow::id);
}

qint64 SealingState::valuesOf(const QString &kekId) const
{
    qint64 sum = 0;
    for (const store::SealedCount &count : counts) {
        sum += count.kekId == kekId ? count.values : 0;
    }
    return sum;
}

Result<void> openKekRoom(const Options &options, KekRoom &room)
{
    TRY_VOID(openRoom(options, IfNoStore::Fail, room));
    room.store->useAuditMac(auth::auditMac(*room.pepper));
    TRY(const StateFolder folder, StateFolder::open(options.stateDir));
    TRY(const QString file, configuredFile(options));
    room.sources = {qEnvironmentVariable("CREDENTIALS_DIRECTORY"), file, folder.sealingKeyFile()};
    room.place = placeOf(room.sources);
    return room.readRing();
}

Result<SealingState> sealingStateOf(store::Store &store)
{
    SealingState state;
    TRY_VOID(store.look([&state](store::ControlTables &tables) -> Result<void> {
        TRY(state.keys, tables.sealingKeys.all());
        TRY(state.counts, tables.sealed.counts());
        return {};
    }));
    return state;
}

} // namespace delta::app

#include "gateway/app/store_commands.h"

#include "gateway/app/command_room.h"
#include "gateway/app/console.h"
#include "gateway/app/state_folder.h"
#include "gateway/store/database.h"
#include "gateway/store/migrations.h"

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

Result<QString> migrated(const Options &options)
{
    const SystemClock clock;
    TRY(const store::DatabaseAddress address, findDatabase(options));
    if (address.dialect == store::Dialect::Sqlite) {
        TRY([[maybe_unused]] const StateFolder folder, StateFolder::open(options.stateDir));
    }
    TRY(const auto database, store::Database::open(address));
    TRY(const int before, store::schemaVersion(*database));
    TRY_VOID(store::migrate(*database, clock));
    TRY(const int now, store::schemaVersion(*database));
    return before == now ? u"%1 has schema version %2 already."_s.arg(address.shown()).arg(now)
                         : u"%1 was brought from schema version %2 to %3."_s.arg(address.shown())
                               .arg(before)
                               .arg(now);
}

} // namespace

ExitCode migrateStore(const Options &options)
{
    const Result<QString> sentence = migrated(options);
    if (!sentence) {
        return fail(sentence.error());
    }
    printLine(*sentence);
    return ExitCode::Ok;
}

ExitCode verifyLedger(const Options &options)
{
    CommandRoom room;
    const auto verification = openStore(options, IfNoStore::Fail, room).and_then([&room] {
        return room.store->verify();
    });
    if (!verification) {
        return fail(verification.error());
    }
    printLine(verification->toText());
    return verification->isSound() ? ExitCode::Ok : ExitCode::LedgerBroken;
}

} // namespace delta::app

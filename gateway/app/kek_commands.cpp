#include "gateway/app/kek_commands.h"

#include "gateway/app/console.h"
#include "gateway/app/kek_room.h"
#include "gateway/app/rewrapping.h"
#include "gateway/app/sealing.h"
#include "gateway/app/state_folder.h"
#include "gateway/secrets/envelope.h"
#include "gateway/secrets/key_file.h"
#include "gateway/store/control_tables.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds recently{60'000};

Result<secrets::KeyFile> lockKeys(const KekRoom &room)
{
    auto file = secrets::KeyFile::lock(room.sources);
    if (!file) {
        return failure(ApiError::invalidRequest(file.error()));
    }
    return *std::move(file);
}

QString newestOf(const KekRoom &room)
{
    return QString::fromLatin1(room.ring->newest().id);
}

QStringList idsOf(const SealingState &state)
{
    QStringList ids;
    for (const store::SealingKeyRow &row : state.keys) {
        ids.append(row.id);
    }
    return ids;
}

AuditEvent eventOf(const KekRoom &room, const QString &action, const QString &kekId)
{
    AuditEvent event;
    event.at = room.clock.wall();
    event.action = action;
    event.targetKind = u"sealing_key"_s;
    event.targetId = kekId;
    return event;
}

/// Returns the machines of the other gateways that run on the database.
Result<QStringList> othersOf(const Options &options, KekRoom &room)
{
    TRY(const store::DatabaseAddress address, findDatabase(options));
    if (address.dialect == store::Dialect::Sqlite) {
        return QStringList();
    }
    TRY(const StateFolder folder, StateFolder::open(options.stateDir));
    TRY(const std::optional<QByteArray> name, folder.read(u"journal-name"_s));
    TRY(const std::vector<ports::GatewayEntry> entries, room.store->gateways());
    QStringList others;
    for (const ports::GatewayEntry &entry : entries) {
        const bool isThis = name && entry.name == QLatin1StringView(name->trimmed());
        if (!isThis && entry.seen && entry.seen->ago < recently) {
            others.append(entry.seen->report.host);
        }
    }
    return others;
}

/// Has others copy the keys before anything is sealed with one that they lack.
Result<void> requireCopies(const Options &options, KekRoom &room)
{
    if (options.areKeysCopied) {
        return {};
    }
    TRY(const QStringList others, othersOf(options, room));
    if (others.isEmpty()) {
        return {};
    }
    return failure(ApiError::invalidRequest(
        u"The new key %1 is in %2, and nothing is sealed with it yet: %3 other gateway(s) share "
        u"the "
        "database, on %4, and would not be able to read that. Copy the file to each of them, and "
        "then "
        "run again with --copied. Restart none before."_s.arg(
            newestOf(room), room.place, QString::number(others.size()), others.join(u", "_s))));
}

/// Tells the gateways of the database that its secrets are sealed with the newest key from now on.
Result<void> announce(KekRoom &room)
{
    const QString newest = newestOf(room);
    return room.store->change([&](store::ControlTables &tables) -> Result<void> {
        TRY_VOID(tables.sealingKeys.add(newest, room.clock.wall()));
        TRY(const QStringList known, tables.sealingKeys.ids());
        TRY_VOID(requireAll(*room.ring, known));
        if (!known.contains(newest)) {
            return failure(ApiError::conflict(
                u"Another gateway has just begun to seal with another key. Run again."_s));
        }
        return tables.audit.append(eventOf(room, u"sealing_key.add"_s, newest))
            .transform([](const AuditEvent &) { });
    });
}

Result<Rewrapped> rewrap(KekRoom &room)
{
    secrets::Envelope envelope(*room.ring, room.random);
    return rewrapAll(*room.store, envelope, room.clock);
}

Result<Rewrapped> beginNewKey(const Options &options, KekRoom &room, const secrets::KeyFile &file)
{
    if (const auto added = file.addOnTop(room.random); !added) {
        return failure(ApiError::storeUnavailable(added.error()));
    }
    TRY_VOID(room.readRing());
    TRY_VOID(requireCopies(options, room));
    TRY_VOID(announce(room));
    return rewrap(room);
}

/// Ends an earlier rotation if there is something to end, and else begins one.
Result<Rewrapped> rotated(const Options &options, KekRoom &room)
{
    TRY_VOID(openKekRoom(options, room));
    TRY(const SealingState state, sealingStateOf(*room.store));
    TRY_VOID(requireAll(*room.ring, idsOf(state)));
    const bool isNews = !state.isAnnounced(newestOf(room));
    if (isNews) {
        TRY_VOID(requireCopies(options, room));
        TRY_VOID(announce(room));
    }
    TRY(Rewrapped ended, rewrap(room));
    if (isNews || ended.moved > 0) {
        return ended;
    }
    TRY(const secrets::KeyFile file, lockKeys(room));
    TRY_VOID(room.readRing());
    return beginNewKey(options, room, file);
}

/// Takes the old keys out of the database, all or none.
Result<QStringList> forgetOldKeys(KekRoom &room)
{
    const QString newest = newestOf(room);
    QStringList removed;
    TRY_VOID(room.store->change([&](store::ControlTables &tables) -> Result<void> {
        SealingState state;
        TRY(state.keys, tables.sealingKeys.all());
        TRY(state.counts, tables.sealed.counts());
        TRY_VOID(requireAll(*room.ring, idsOf(state)));
        if (!state.isAnnounced(newest)) {
            return failure(ApiError::conflict(
                u"Nothing is sealed with the newest key %1 yet. Run kek rotate first."_s.arg(
                    newest)));
        }
        for (const QString &id : idsOf(state)) {
            if (id == newest) {
                continue;
            }
            if (const qint64 values = state.valuesOf(id); values > 0) {
                return failure(ApiError::conflict(
                    u"%1 value(s) are still sealed with the key %2, so it stays. Move them with: "
                    "deltallm-gateway kek rotate"_s.arg(QString::number(values), id)));
            }
            TRY_VOID(tables.sealingKeys.remove(id));
            TRY_VOID(tables.audit.append(eventOf(room, u"sealing_key.remove"_s, id))
                         .transform([](const AuditEvent &) { }));
            removed.append(id);
        }
        return {};
    }));
    return removed;
}

Result<QStringList> retired(const Options &options, KekRoom &room)
{
    TRY_VOID(openKekRoom(options, room));
    if (!secrets::credentialFile(room.sources).isEmpty()) {
        return forgetOldKeys(room); // Its owner takes them out of the credential.
    }
    TRY(const secrets::KeyFile file, lockKeys(room));
    TRY_VOID(room.readRing());
    TRY(QStringList removed, forgetOldKeys(room));
    auto lines = file.keepOnly(room.ring->newest().id);
    if (!lines) {
        return failure(ApiError::storeUnavailable(lines.error()));
    }
    removed += *lines;
    removed.removeDuplicates();
    return removed;
}

/// Says what a gateway that had not heard of the newest key sealed meanwhile with one before.
ExitCode checkRest(KekRoom &room)
{
    const auto state = sealingStateOf(*room.store);
    if (!state) {
        return fail(state.error());
    }
    qint64 rest = 0;
    for (const store::SealedCount &count : state->counts) {
        rest += count.kekId == newestOf(room) ? 0 : count.values;
    }
    if (rest > 0) {
        printError(u"%1 value(s) were sealed with another key meanwhile. Run again."_s.arg(rest));
    }
    return rest > 0 ? ExitCode::Failed : ExitCode::Ok;
}

} // namespace

ExitCode rotateSealingKey(const Options &options)
{
    KekRoom room;
    const auto done = rotated(options, room);
    if (!done) {
        return fail(done.error());
    }
    printLine(u"%1 value(s) were moved to the key %2 of %3. Keep that file in the backup."_s.arg(
        QString::number(done->moved), newestOf(room), room.place));
    for (const QString &fault : done->faults) {
        printError(fault);
    }
    return done->faults.isEmpty() ? checkRest(room) : ExitCode::Failed;
}

ExitCode retireSealingKeys(const Options &options)
{
    KekRoom room;
    const auto removed = retired(options, room);
    if (!removed) {
        return fail(removed.error());
    }
    if (removed->isEmpty()) {
        printLine(u"There is no key but the newest, %1."_s.arg(newestOf(room)));
        return ExitCode::Ok;
    }
    printLine(u"Nothing needs %1 any more. Take them out of all other places where gateways of the "
              "database have their keys."_s.arg(removed->join(u", "_s)));
    return ExitCode::Ok;
}

} // namespace delta::app

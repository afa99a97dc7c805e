#include "gateway/app/audit_commands.h"

#include "gateway/app/audit_checkpoint.h"
#include "gateway/app/command_room.h"
#include "gateway/app/console.h"
#include "gateway/auth/audit_key.h"
#include "gateway/auth/checkpoint_key.h"
#include "shared/json/json_codec.h"

#include <QFile>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

/// Opens the store, with what vouches for the records of the audit log.
Result<void> openAudit(const Options &options, CommandRoom &room)
{
    TRY_VOID(openRoom(options, IfNoStore::Fail, room));
    room.store->useAuditMac(auth::auditMac(*room.pepper));
    return {};
}

/// Returns what was noted outside the database: one by one on the command line, and in a log.
Result<std::vector<store::AuditLink>> checkpointsOf(const Options &options,
                                                    const auth::CheckpointKey &key)
{
    std::vector<store::AuditLink> links;
    if (!options.checkpointLog.isEmpty()) {
        const bool isInput = options.checkpointLog == "-"_L1;
        QFile log(options.checkpointLog);
        const bool isOpen = isInput ? log.open(stdin, QIODevice::ReadOnly)
                                    : log.open(QIODevice::ReadOnly);
        if (!isOpen) {
            return failure(ApiError::invalidRequest(
                u"%1 cannot be read: %2"_s.arg(options.checkpointLog, log.errorString())));
        }
        TRY(links, readCheckpoints(log, isInput ? u"the input"_s : options.checkpointLog, key));
    }
    for (const QString &text : options.checkpoints) {
        TRY(links.emplace_back(), checkpointOf(text));
    }
    std::ranges::sort(links, {}, &store::AuditLink::sequence);
    return links;
}

Result<store::AuditVerification> verified(const Options &options, CommandRoom &room)
{
    TRY_VOID(openAudit(options, room));
    TRY(std::vector<store::AuditLink> checkpoints,
        checkpointsOf(options, auth::CheckpointKey(*room.pepper)));
    return room.store->verifyAudit(
        [checkpoints, next = std::size_t(0)]() mutable -> std::optional<store::AuditLink> {
            return next < checkpoints.size() ? std::optional(checkpoints[next++]) : std::nullopt;
        });
}

QString tracesText(const store::EndUserTraces &traces)
{
    const QString contents = traces.contents > 0
        ? u", what %1 of the calls asked and were answered"_s.arg(traces.contents)
        : QString();
    return u"%1 call(s), %2 budget(s) and %3 rate limit(s)%4%5"_s.arg(traces.calls)
        .arg(traces.budgets)
        .arg(traces.rateLimits)
        .arg(contents)
        .arg(traces.isKept ? u", and what admins keep of them"_s : QString());
}

} // namespace

ExitCode verifyAuditLog(const Options &options)
{
    CommandRoom room;
    const auto verification = verified(options, room);
    if (!verification) {
        return fail(verification.error());
    }
    printLine(verification->toText());
    return verification->fault ? ExitCode::LedgerBroken : ExitCode::Ok;
}

ExitCode showCheckpointKey(const Options &options)
{
    CommandRoom room;
    const auto done = openAudit(options, room);
    if (!done) {
        return fail(done.error());
    }
    const QByteArray pem = auth::CheckpointKey(*room.pepper).publicPem();
    printLine(QString::fromLatin1(pem).trimmed());
    return ExitCode::Ok;
}

ExitCode exportAuditLog(const Options &options)
{
    CommandRoom room;
    const auto done = openAudit(options, room).and_then([&room] {
        return room.store->eachAuditEvent(
            [](const AuditEvent &event) { printJson(toJson(event)); });
    });
    return done ? ExitCode::Ok : fail(done.error());
}

ExitCode eraseEndUser(const Options &options)
{
    CommandRoom room;
    const auto traces = openAudit(options, room).and_then([&] {
        return room.store->endUserTraces(options.endUser);
    });
    if (!traces) {
        return fail(traces.error());
    }
    if (traces->isEmpty()) {
        printLine(u"Nothing is kept of that end user."_s);
        return ExitCode::Ok;
    }
    if (!options.isConfirmed) {
        printLine(u"That end user is named by %1. Add --yes to take the name from the calls, whose "
                  "cost stays, and to remove the rest."_s.arg(tracesText(*traces)));
        return ExitCode::Ok;
    }
    AuditEvent event;
    event.at = room.clock.wall();
    event.action = u"end_user.erase"_s;
    event.targetKind = u"end_user"_s;
    event.after = {{u"calls"_s, traces->calls},
                   {u"budgets"_s, traces->budgets},
                   {u"rate_limits"_s, traces->rateLimits},
                   {u"contents"_s, traces->contents}};
    const auto erased = room.store->eraseEndUser(options.endUser, std::move(event));
    if (!erased) {
        return fail(erased.error());
    }
    printLine(u"The name is gone from %1."_s.arg(tracesText(*traces)));
    return ExitCode::Ok;
}

} // namespace delta::app

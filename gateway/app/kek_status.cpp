#include "gateway/app/console.h"
#include "gateway/app/kek_commands.h"
#include "gateway/app/kek_room.h"
#include "shared/json/value_codec.h"

#include <QJsonObject>
#include <QJsonValue>

#include <algorithm>

namespace delta::app {

using namespace Qt::StringLiterals;
using store::SealedKind;

namespace {

/// A key, as the database and the file of keys know it.
struct KeyLine {
    QString id;
    std::optional<WallTime> since; ///< Absent: no gateway was told of it.
    QString state;
    qint64 credentials = 0;
    qint64 seeds = 0;
    qint64 answers = 0;
    qint64 contents = 0;

    [[nodiscard]] qint64 values() const
    {
        return credentials + seeds + answers + contents;
    }
};

constexpr auto missing = "missing"_L1;

QString stateOf(const QString &id, const KekRoom &room, const SealingState &state)
{
    if (!room.ring->find(id.toLatin1())) {
        return missing;
    }
    if (!state.isAnnounced(id)) {
        return u"not in use yet"_s;
    }
    return id == QLatin1StringView(room.ring->newest().id) ? u"newest"_s : u"old"_s;
}

KeyLine lineOf(const QString &id, const KekRoom &room, const SealingState &state)
{
    KeyLine line{.id = id, .since = {}, .state = stateOf(id, room, state)};
    const auto row = std::ranges::find(state.keys, id, &store::SealingKeyRow::id);
    if (row != state.keys.end()) {
        line.since = row->since;
    }
    for (const store::SealedCount &count : state.counts) {
        if (count.kekId == id) {
            qint64 &sum = count.kind == SealedKind::CredentialKey ? line.credentials
                : count.kind == SealedKind::Answer                ? line.answers
                : count.kind == SealedKind::CallContent           ? line.contents
                                                                  : line.seeds;
            sum += count.values;
        }
    }
    return line;
}

/// Returns the keys of the file, newest first, and then those that the file lacks.
std::vector<KeyLine> linesOf(const KekRoom &room, const SealingState &state)
{
    QStringList ids = room.ring->ids();
    for (const store::SealingKeyRow &row : state.keys) {
        ids.append(row.id);
    }
    for (const store::SealedCount &count : state.counts) {
        if (!count.kekId.isEmpty()) {
            ids.append(count.kekId);
        }
    }
    ids.removeDuplicates();
    std::vector<KeyLine> lines;
    for (const QString &id : ids) {
        lines.push_back(lineOf(id, room, state));
    }
    return lines;
}

QJsonValue timeOf(const KeyLine &line)
{
    return line.since ? JsonCodec<WallTime>::encode(*line.since) : QJsonValue(QJsonValue::Null);
}

void print(const KeyLine &line, OutputForm form)
{
    if (form == OutputForm::Json) {
        printJson({{u"kek_id"_s, line.id},
                   {u"state"_s, line.state},
                   {u"since"_s, timeOf(line)},
                   {u"credentials"_s, line.credentials},
                   {u"second_factors"_s, line.seeds},
                   {u"kept_answers"_s, line.answers},
                   {u"call_contents"_s, line.contents}});
        return;
    }
    printLine(
        u"%1  %2  since %3  seals %4 credential(s), %5 second factor(s), %6 kept answer(s), %7 content(s) of calls"_s
            .arg(line.id, line.state, line.since ? timeOf(line).toString() : u"never"_s)
            .arg(line.credentials)
            .arg(line.seeds)
            .arg(line.answers)
            .arg(line.contents));
}

/// Says what is wrong; empty if nothing is.
QString faultOf(const std::vector<KeyLine> &lines, const KekRoom &room, const SealingState &state)
{
    for (const KeyLine &line : lines) {
        if (line.state == missing) {
            return u"%1 value(s) are sealed with the key %2, which %3 does not have. Restore it "
                   u"from "
                   "the backup, or copy it from another gateway of the database."_s.arg(
                       QString::number(line.values()), line.id, room.place);
        }
    }
    if (const qint64 unknown = state.valuesOf(QString()); unknown > 0) {
        return u"%1 value(s) are damaged, or sealed in a format of a newer gateway."_s.arg(unknown);
    }
    return {};
}

} // namespace

ExitCode showSealingKeys(const Options &options)
{
    KekRoom room;
    const auto state = openKekRoom(options, room).and_then([&room] {
        return sealingStateOf(*room.store);
    });
    if (!state) {
        return fail(state.error());
    }
    const std::vector<KeyLine> lines = linesOf(room, *state);
    for (const KeyLine &line : lines) {
        print(line, options.output);
    }
    const QString fault = faultOf(lines, room, *state);
    if (!fault.isEmpty()) {
        printError(fault);
        return ExitCode::Failed;
    }
    return ExitCode::Ok;
}

} // namespace delta::app

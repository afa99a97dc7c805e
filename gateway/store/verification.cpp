#include "gateway/store/verification.h"

#include "gateway/store/budget_resets.h"
#include "gateway/store/database.h"
#include "gateway/store/transaction.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <format>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Reads four columns from the first on.
Verification::Line lineOf(const QSqlQuery &row, int first, const QString &name)
{
    return {name, row.value(first).toLongLong(), row.value(first + 1).toLongLong(),
            row.value(first + 2).toLongLong(), Money::fromNanos(row.value(first + 3).toLongLong())};
}

Result<void> readSums(Database &database, Verification &found)
{
    TRY_VOID(database.each("verify/sum_events"_L1, {}, [&found](const QSqlQuery &row) {
        found.events = lineOf(row, 0, u"events"_s);
    }));
    return database.each("verify/sum_hourly"_L1, {}, [&found](const QSqlQuery &row) {
        found.rollUps = lineOf(row, 0, u"hourly roll-ups"_s);
        found.kept = lineOf(row, 4, u"of them with events"_s);
    });
}

Result<void> readKeys(Database &database, Verification &found)
{
    found.keys.name = u"virtual keys"_s;
    found.otherCalls.name = u"calls without a stored key"_s;
    return database.each("verify/sum_keys"_L1, {}, [&found](const QSqlQuery &row) {
        found.keys.rows = row.value(0).toLongLong();
        found.keys.spend = Money::fromNanos(row.value(1).toLongLong());
        found.otherCalls.spend = Money::fromNanos(row.value(2).toLongLong());
    });
}

QString usd(const QVariant &nanos)
{
    return Money::fromNanos(nanos.toLongLong()).toUsd() + u" USD"_s;
}

QString side(const QSqlQuery &row, int first)
{
    return row.isNull(first)
        ? u"nothing"_s
        : u"%1 calls, %2"_s.arg(row.value(first).toLongLong()).arg(usd(row.value(first + 1)));
}

QString hourlyMismatch(const QSqlQuery &row)
{
    const std::chrono::sys_time<std::chrono::hours> hour(
        std::chrono::hours(row.value(0).toLongLong()));
    return u"hour %1, key '%2', model '%3': the events have %4; the roll-up has %5"_s.arg(
        QString::fromStdString(std::format("{:%FT%HZ}", hour)), row.value(1).toString(),
        row.value(2).toString(), side(row, 3), side(row, 5));
}

QString dailyMismatch(const QSqlQuery &row)
{
    const std::chrono::sys_days day(std::chrono::days(row.value(0).toLongLong()));
    return u"day %1, key '%2', model '%3': the hours have %4; the day has %5"_s.arg(
        QString::fromStdString(std::format("{:%F}", day)), row.value(1).toString(),
        row.value(2).toString(), side(row, 3), side(row, 5));
}

QString rollUpMismatch(const QSqlQuery &row)
{
    static constexpr std::array dimensions{
        "all calls"_L1,  "key"_L1,      "user"_L1, "team"_L1,   "organisation"_L1, "model"_L1,
        "deployment"_L1, "provider"_L1, "tag"_L1,  "status"_L1, "end user"_L1,     "mix"_L1};
    const auto dimension = static_cast<std::size_t>(row.value(0).toInt());
    return u"sums of %1, slot %2 of %3 seconds, ref %4: they should have %5; they have %6"_s.arg(
        dimension < dimensions.size() ? dimensions[dimension] : "?"_L1, row.value(2).toString(),
        row.value(1).toString(), row.value(3).toString(), side(row, 4), side(row, 6));
}

QString unapplied(const QSqlQuery &row)
{
    return u"event %1 (request %2): the position of the journal does not cover it"_s.arg(
        row.value(0).toString(), row.value(1).toString());
}

QString repeatedRequest(const QSqlQuery &row)
{
    return u"request %1: %2 events"_s.arg(row.value(0).toString(), row.value(1).toString());
}

QString brokenReference(const QSqlQuery &row)
{
    return u"table %1: %2 references to names that are not there"_s.arg(row.value(0).toString(),
                                                                        row.value(1).toString());
}

QString resetMismatch(const QSqlQuery &row)
{
    return row.isNull(1) ? u"budget '%1': its last reset is not the newest that was noted"_s.arg(
                               row.value(0).toString())
                         : u"reset %1 of budget '%2': an earlier one was noted later"_s.arg(
                               row.value(1).toString(), row.value(0).toString());
}

QString fileDamage(const QSqlQuery &row)
{
    return u"file: "_s + row.value(0).toString();
}

/// Says what the queries of one mismatch each could not tell because it concerns the sums
/// themselves.
void compareTotals(Verification &found)
{
    if (found.events.rows != found.kept.rows || found.events.inputTokens != found.kept.inputTokens
        || found.events.outputTokens != found.kept.outputTokens
        || found.events.spend != found.kept.spend) {
        found.mismatches.append(u"totals: events and roll-ups differ"_s);
    }
}

QString lineText(const Verification::Line &line)
{
    return u"%1 %2 %3 %4 %5\n"_s.arg(line.name, -28)
        .arg(line.rows, 12)
        .arg(line.inputTokens, 18)
        .arg(line.outputTokens, 18)
        .arg(line.spend.toUsd(), 22);
}

} // namespace

QString Verification::toText() const
{
    QString text = u"%1 %2 %3 %4 %5\n"_s.arg(u""_s, -28)
                       .arg(u"rows"_s, 12)
                       .arg(u"input tokens"_s, 18)
                       .arg(u"output tokens"_s, 18)
                       .arg(u"spend in USD"_s, 22);
    for (const Line *line : {&events, &kept, &rollUps, &keys, &otherCalls}) {
        text += lineText(*line);
    }
    for (const QString &mismatch : mismatches) {
        text += u"MISMATCH  "_s + mismatch + u'\n';
    }
    return text + (isSound() ? u"The ledger adds up.\n"_s : u"The ledger does not add up.\n"_s);
}

Result<Verification> verify(Database &database)
{
    Verification found;
    // A gateway may be posting meanwhile: all that is compared must be of one moment.
    TRY(const Transaction moment, Transaction::beginReading(database));
    TRY_VOID(readSums(database, found));
    TRY_VOID(readKeys(database, found));
    compareTotals(found);
    const std::pair<QLatin1StringView, QString (*)(const QSqlQuery &)> checks[] = {
        {"verify/select_hourly_mismatches"_L1, hourlyMismatch},
        {"verify/select_daily_mismatches"_L1, dailyMismatch},
        {"verify/select_rollup_mismatches"_L1, rollUpMismatch},
        {"verify/select_unapplied_events"_L1, unapplied},
        {"verify/select_repeated_requests"_L1, repeatedRequest},
        {"verify/select_reset_mismatches"_L1, resetMismatch},
        {"verify/select_broken_references"_L1, brokenReference},
        {"verify/select_file_damage"_L1, fileDamage},
    };
    for (const auto &[query, describe] : checks) {
        TRY_VOID(database.each(query, {}, [&found, describe](const QSqlQuery &row) {
            found.mismatches.append(describe(row));
        }));
    }
    TRY(const QStringList resets, resetsWithoutCalls(database));
    found.mismatches += resets;
    return found;
}

} // namespace delta::store

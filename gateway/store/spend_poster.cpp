#include "gateway/store/spend_poster.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/hourly_sums.h"
#include "gateway/store/transaction.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// No call consumes this many units or lasts for this many microseconds (eleven days). A provider
/// that says so must not be able to make the sums of an hour overflow, which would stop the ledger.
constexpr qint64 highestCount = 1'000'000'000'000;

void bound(qint64 &count)
{
    count = std::clamp<qint64>(count, 0, highestCount);
}

void boundCounts(SpendEntry &entry)
{
    Usage &usage = entry.usage;
    for (qint64 *count : {&usage.inputTokens, &usage.outputTokens, &usage.cacheReadTokens,
                          &usage.cacheWriteTokens, &usage.reasoningTokens, &usage.audioInputTokens,
                          &usage.audioOutputTokens, &usage.images}) {
        bound(*count);
    }
    const std::chrono::microseconds longest(highestCount);
    entry.latency = std::clamp(entry.latency, std::chrono::microseconds(0), longest);
    entry.startedAt = std::max(entry.startedAt, WallTime());
}

void cleanTexts(SpendEntry &entry)
{
    for (QByteArray *text :
         {&entry.requestId, &entry.clientRequestId, &entry.operation, &entry.keyId, &entry.userId,
          &entry.teamId, &entry.endUser, &entry.model, &entry.deploymentId, &entry.provider,
          &entry.upstreamModel, &entry.errorCode}) {
        *text = cleanText(*text);
    }
}

} // namespace

SpendPoster::SpendPoster(Database &database)
    : m_database(database)
    , m_names(database)
    , m_insertEvent(database)
    , m_addToHour(database, "hourly/upsert"_L1)
    , m_addToKey(database, "keys/add_spend"_L1)
{
}

Result<ports::JournalPosition> SpendPoster::position()
{
    ports::JournalPosition position;
    TRY_VOID(m_database.each("journal/select"_L1, {}, [&position](const QSqlQuery &row) {
        position.applied = row.value(0).toULongLong();
        position.retain = row.value(1).toULongLong();
    }));
    return position;
}

Result<void> SpendPoster::post(const std::vector<ports::PostedEntry> &entries,
                               ports::JournalPosition position)
{
    Result<void> posted = postWithin(entries, position);
    if (!posted) {
        m_names.forget();
    }
    return posted;
}

Result<void> SpendPoster::postWithin(const std::vector<ports::PostedEntry> &entries,
                                     ports::JournalPosition next)
{
    TRY(Transaction transaction, Transaction::begin(m_database));
    TRY(const ports::JournalPosition stored, position());
    HourlySums hourly;
    std::map<qint64, Money> spendOfKeys;
    for (const ports::PostedEntry &posted : entries) {
        if (posted.offset < stored.applied) {
            continue;
        }
        TRY(const EventRow row, rowOf(posted));
        TRY_VOID(m_insertEvent.insert(row));
        hourly.add(row);
        spendOfKeys[row.key] += row.entry.cost;
    }
    TRY_VOID(hourly.write(m_addToHour));
    for (const auto &[key, spend] : spendOfKeys) {
        TRY_VOID(m_addToKey.run(std::array<qint64, 2>{spend.nanos(), key}));
    }
    TRY([[maybe_unused]] const int rows,
        m_database.run("journal/update"_L1, {quint64(next.applied), quint64(next.retain)}));
    return transaction.commit();
}

Result<EventRow> SpendPoster::rowOf(const ports::PostedEntry &posted)
{
    EventRow row;
    row.id = static_cast<qint64>(posted.offset);
    row.entry = posted.entry;
    cleanTexts(row.entry);
    boundCounts(row.entry);
    TRY(row.operation, m_names.intern(row.entry.operation));
    TRY(row.key, m_names.intern(row.entry.keyId));
    TRY(row.user, m_names.intern(row.entry.userId));
    TRY(row.team, m_names.intern(row.entry.teamId));
    TRY(row.model, m_names.intern(row.entry.model));
    TRY(row.deployment, m_names.intern(row.entry.deploymentId));
    TRY(row.provider, m_names.intern(row.entry.provider));
    TRY(row.upstreamModel, m_names.intern(row.entry.upstreamModel));
    return row;
}

} // namespace delta::store

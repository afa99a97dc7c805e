#include "gateway/store/spend_poster.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/migrations.h"
#include "gateway/store/roll_ups.h"
#include "gateway/store/sql_text.h"
#include "gateway/store/transaction.h"
#include "shared/models/tags.h"

#include <algorithm>
#include <array>
#include <chrono>

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
    // The years that a partition of PostgreSQL can be named after.
    constexpr WallTime endOfTime = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);
    entry.startedAt = std::clamp(entry.startedAt, WallTime(), endOfTime);
}

void cleanTexts(SpendEntry &entry)
{
    for (QByteArray *text :
         {&entry.requestId, &entry.clientRequestId, &entry.operation, &entry.keyId, &entry.userId,
          &entry.teamId, &entry.endUser, &entry.model, &entry.deploymentId, &entry.provider,
          &entry.upstreamModel, &entry.errorCode, &entry.organizationId, &entry.tags}) {
        *text = cleanText(*text);
    }
}

} // namespace

SpendPoster::SpendPoster(Database &database, const QString &journal)
    : m_database(database)
    , m_journal(database, journal)
    , m_names(database)
    , m_endUsers(database)
    , m_mixes(database)
    , m_partitions(database)
    , m_sinks(PostingSinks::of(database))
{
}

Result<ports::JournalPosition> SpendPoster::position()
{
    TRY_VOID(m_journal.claim());
    return m_journal.position();
}

Result<void> SpendPoster::post(const std::vector<ports::PostedEntry> &entries,
                               ports::JournalPosition position)
{
    Result<void> posted = postWithin(entries, position);
    // Months that are no longer kept, and end users who are erased, go without the poster's knowledge.
    m_partitions.forget();
    m_endUsers.forget();
    if (!posted) {
        m_names.forget();
        m_mixes.forget();
        m_sinks.clear();
    }
    return posted;
}

Result<void> SpendPoster::postWithin(const std::vector<ports::PostedEntry> &entries,
                                     ports::JournalPosition next)
{
    TRY_VOID(m_journal.claim());
    TRY_VOID(prepare());
    TRY(Transaction transaction, Transaction::begin(m_database));
    if (m_database.dialect() == Dialect::PostgreSql) {
        TRY_VOID(m_database.each("journal/lock_projections"_L1, {}, [](const QSqlQuery &) { }));
    }
    TRY_VOID(checkSchema(m_database));
    TRY(const ports::JournalPosition stored, m_journal.position());
    TRY_VOID(add(entries, stored.applied));
    TRY_VOID(m_journal.move(next));
    return transaction.commit();
}

/// Makes what a connection to PostgreSQL needs for posting.
Result<void> SpendPoster::prepare()
{
    if (m_isPrepared || m_database.dialect() == Dialect::Sqlite) {
        return {};
    }
    for (const QLatin1StringView name :
         {"hourly/create_batch"_L1, "daily/create_batch"_L1, "rollups/create_batch"_L1}) {
        TRY_VOID(m_database.execute(queryText(name, m_database.dialect())));
    }
    m_isPrepared = true;
    return {};
}

/// Adds what was not posted before.
Result<void> SpendPoster::add(const std::vector<ports::PostedEntry> &entries, std::uint64_t applied)
{
    RollUps rollUps;
    for (const ports::PostedEntry &posted : entries) {
        if (posted.offset < applied) {
            continue;
        }
        TRY(const EventRow row, rowOf(posted));
        TRY_VOID(m_partitions.ensure(row.entry.startedAt));
        TRY_VOID(m_sinks.events->add(row));
        for (const qint64 tag : row.tags) {
            const qint64 startedAt = row.entry.startedAt.time_since_epoch().count();
            TRY_VOID(m_sinks.tags->add(std::array<qint64, 3>{tag, startedAt, row.id}));
        }
        rollUps.add(row);
    }
    TRY_VOID(rollUps.write({*m_sinks.hours, *m_sinks.days, *m_sinks.rollUps}));
    return m_sinks.finish();
}

Result<EventRow> SpendPoster::rowOf(const ports::PostedEntry &posted)
{
    EventRow row;
    TRY(const qint64 journal, m_journal.id());
    row.id = eventId(journal, posted.offset);
    row.entry = posted.entry;
    cleanTexts(row.entry);
    boundCounts(row.entry);
    TRY(row.operation, m_names.intern(row.entry.operation));
    TRY(row.key, m_names.intern(row.entry.keyId));
    TRY(row.user, m_names.intern(row.entry.userId));
    TRY(row.team, m_names.intern(row.entry.teamId));
    TRY(row.organization, m_names.intern(row.entry.organizationId));
    TRY(row.model, m_names.intern(row.entry.model));
    TRY(row.deployment, m_names.intern(row.entry.deploymentId));
    TRY(row.provider, m_names.intern(row.entry.provider));
    TRY(row.upstreamModel, m_names.intern(row.entry.upstreamModel));
    TRY(row.endUser, m_endUsers.intern(endUserName(row.entry.endUser)));
    TRY(row.mix,
        m_mixes.intern({.organization = row.organization,
                        .model = row.model,
                        .deployment = row.deployment,
                        .provider = row.provider,
                        .status = row.entry.status}));
    TRY_VOID(addTags(row));
    return row;
}

/// Gives the tags their ids. What was cut to fit may have become the same, or nothing.
Result<void> SpendPoster::addTags(EventRow &row)
{
    for (const QByteArray &tag : tagsOf(row.entry.tags)) {
        TRY(const qint64 id, m_names.intern(tag));
        if (id != 0 && !std::ranges::contains(row.tags, id)) {
            row.tags.push_back(id);
        }
    }
    return {};
}

} // namespace delta::store

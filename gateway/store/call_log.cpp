#include "gateway/store/call_log.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/dimension.h"
#include "gateway/store/event_reader.h"
#include "gateway/store/journal_row.h"
#include "gateway/store/name_table.h"
#include "gateway/store/sql_text.h"

#include <QDeadlineTimer>
#include <QStringList>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

/// So many rows are looked at for a page of what no index finds: as they lie, or of those that an index names, which lie
/// anywhere.
constexpr int mostScanned = 20'000;
constexpr int mostFetched = 5'000;
/// These are fetched in portions, and no further one after that time: those that are not in memory take the disk a tenth of
/// a millisecond each.
constexpr int portionFetched = 1'000;
constexpr std::chrono::milliseconds patience{30};
/// Behind those that every reader of events knows.
constexpr int contentColumn = 33;

constexpr auto isOfRequest = "(e.request_id = ? OR e.client_request_id = ?)"_L1;

QString columnIs(QLatin1StringView column)
{
    return u"%1 = ?"_s.arg(column);
}

} // namespace

/// Conditions on rows that an index finds in order, and on these rows.
struct CallLog::Choice {
    /// Where the ids of calls lie that are found elsewhere; empty: the calls themselves are walked.
    QString elsewhere;
    QLatin1StringView id = "id"_L1;
    QStringList indexed;
    QVariantList indexedValues;
    QStringList others;
    QVariantList otherValues;
    bool hasIndex = false;
    qint64 key = 0; ///< Whose calls they are; 0: not only one key's.
    /// Conditions on the sums of the key's days.
    QStringList summed;
    QVariantList summedValues;

    /// The first condition that has an index chooses it.
    void add(QLatin1StringView column, const QVariant &value, bool isIndexable,
             bool isPartial = false)
    {
        if (isIndexable && !std::exchange(hasIndex, true)) {
            indexed.append(columnIs(column));
            if (isPartial) {
                indexed.append(u"%1 <> 0"_s.arg(column)); // As the index says.
            }
            indexedValues.append(value);
            return;
        }
        others.append(u"e."_s + columnIs(column));
        otherValues.append(value);
        hasIndex = hasIndex || isIndexable;
    }
    /// Notes a condition that the sums of days know as well. "+" keeps to the index of the key.
    void addSummed(QLatin1StringView column, const QVariant &value)
    {
        summed.append(u'+' + columnIs(column));
        summedValues.append(value);
    }
    /// Chooses by the gateway's own id of a request, or by the client's.
    void addRequest(const QString &request)
    {
        if (!std::exchange(hasIndex, true)) {
            elsewhere =
                u"(SELECT id, started_at FROM spend_events WHERE request_id = ? UNION "
                "SELECT id, started_at FROM spend_events WHERE client_request_id = ?) AS found"_s;
            indexedValues << request << request;
            return;
        }
        others.append(isOfRequest);
        otherValues << request << request;
    }
    /// Returns the places of the rows that an index finds, the newest first.
    [[nodiscard]] QString places(std::optional<CallPlace> place, QVariantList &values) const
    {
        return u"SELECT %1 AS id, started_at"_s.arg(id) + walk(place, values);
    }
    /// Returns, for the statement of calls, where it reads these rows: as many as the last value says.
    [[nodiscard]] QString rows(std::optional<CallPlace> place, QVariantList &values) const
    {
        const QString where = others.isEmpty() ? u"1 = 1"_s : others.join(" AND "_L1);
        return elsewhere.isEmpty()
            ? u"FROM (SELECT *%1 LIMIT ?) AS e WHERE %2"_s.arg(walk(place, values), where)
            : u"FROM (%1 LIMIT ?) AS c CROSS JOIN spend_events AS e WHERE c.id = e.id AND c.started_at = e.started_at AND %2"_s
                  .arg(places(place, values), where);
    }

private:
    [[nodiscard]] QString walk(std::optional<CallPlace> place, QVariantList &values) const
    {
        QStringList conditions = indexed;
        values = indexedValues;
        if (place) {
            conditions.append(u"(started_at, %1) < (?, ?)"_s.arg(id));
            values << place->startedAt << place->id;
        }
        const QString where = conditions.isEmpty() ? QString()
                                                   : u" WHERE "_s + conditions.join(" AND "_L1);
        return u" FROM %1%2 ORDER BY started_at DESC, %3 DESC"_s.arg(
            elsewhere.isEmpty() ? u"spend_events"_s : elsewhere, where, id);
    }
};

/// Adds what is no name.
void CallLog::narrow(const CallFilter &filter, Choice &choice)
{
    if (filter.status) {
        choice.add("status"_L1, *filter.status, false);
        choice.addSummed("status"_L1, *filter.status);
    }
    if (filter.outcome) {
        choice.add("outcome"_L1, std::to_underlying(*filter.outcome), false);
        choice.addSummed("outcome"_L1, std::to_underlying(*filter.outcome));
    }
    if (filter.leastSpend) {
        choice.others.append(u"e.cost_nanos >= ?"_s);
        choice.otherValues.append(qint64(filter.leastSpend->nanos()));
    }
    if (filter.from) {
        choice.indexed.append(u"started_at >= ?"_s);
        choice.indexedValues.append(qint64(filter.from->time_since_epoch().count()));
    }
    if (filter.until) {
        choice.indexed.append(u"started_at < ?"_s);
        choice.indexedValues.append(qint64(filter.until->time_since_epoch().count()));
    }
}

Result<std::optional<CallLog::Choice>> CallLog::choiceOf(const CallFilter &filter)
{
    Choice choice;
    NameTable names(m_database);
    if (filter.tag) {
        TRY(const qint64 ref, names.find(cleanText(*filter.tag)));
        if (ref < 0) {
            return std::nullopt;
        }
        choice.elsewhere = u"spend_event_tags"_s;
        choice.id = "event_id"_L1;
        choice.add("tag_ref"_L1, ref, true);
    }
    if (filter.requestId) {
        choice.addRequest(QString::fromUtf8(*filter.requestId));
    }
    struct Named {
        const std::optional<QByteArray> &name;
        QLatin1StringView column;
        bool isIndexed;
        bool isPartial;
    };
    const Named all[] = {{filter.keyId, "key_ref"_L1, true, false},
                         {filter.userId, "user_ref"_L1, true, true},
                         {filter.teamId, "team_ref"_L1, true, true},
                         {filter.organizationId, "organization_ref"_L1, true, true},
                         {filter.model, "model_ref"_L1, true, false},
                         {filter.deploymentId, "deployment_ref"_L1, false, false},
                         {filter.provider, "provider_ref"_L1, false, false}};
    for (const auto &[name, column, isIndexed, isPartial] : all) {
        if (!name) {
            continue;
        }
        TRY(const qint64 ref, names.find(cleanText(*name)));
        if (ref < 0) {
            return std::nullopt;
        }
        choice.add(column, ref, isIndexed, isPartial);
        if (column == "key_ref"_L1) {
            choice.key = ref;
        } else {
            choice.addSummed(column, ref);
        }
    }
    if (filter.endUser) {
        choice.add("end_user"_L1, QString::fromUtf8(cleanText(*filter.endUser)), true);
    }
    TRY(const bool isReachable, addReach(filter.reach, choice));
    if (!isReachable) {
        return std::nullopt;
    }
    narrow(filter, choice);
    TRY(const bool isThere, boundDays(choice));
    return isThere ? std::optional(std::move(choice)) : std::nullopt;
}

/// Keeps to the days on which a key had such calls at all: else those of a model that it never used would be looked for
/// among all of its calls. Returns whether there were any.
Result<bool> CallLog::boundDays(Choice &choice)
{
    if (choice.key == 0 || choice.summed.isEmpty()) {
        return true;
    }
    constexpr qint64 day = qint64(daySlot) * 1000;
    std::optional<std::pair<qint64, qint64>> days;
    TRY_VOID(m_database.eachComposed(
        u"SELECT MIN(day), MAX(day) FROM spend_daily WHERE key_ref = ? AND %1"_s.arg(
            choice.summed.join(" AND "_L1)),
        QVariantList{choice.key} + choice.summedValues, [&days](const QSqlQuery &row) {
            if (!row.isNull(0)) {
                days.emplace(row.value(0).toLongLong(), row.value(1).toLongLong());
            }
        }));
    if (days) {
        choice.indexed << u"started_at >= ?"_s << u"started_at < ?"_s;
        choice.indexedValues << days->first * day << (days->second + 1) * day;
    }
    return days.has_value();
}

/// Returns whether anything can be reached.
Result<bool> CallLog::addReach(const ListReach &reach, Choice &choice)
{
    if (reach.isAll) {
        return true;
    }
    NameTable names(m_database);
    QStringList parts;
    QVariantList values;
    const std::pair<QLatin1StringView, QStringList> owners[] = {
        {"organization_ref"_L1, reach.organizations},
        {"team_ref"_L1, reach.teams},
        {"user_ref"_L1, reach.user.isEmpty() ? QStringList() : QStringList{reach.user}}};
    QLatin1StringView last;
    for (const auto &[column, ids] : owners) {
        for (const QString &id : ids) {
            TRY(const qint64 ref, names.find(cleanText(id.toUtf8())));
            if (ref > 0) {
                parts.append(u"e."_s + columnIs(column));
                values.append(ref);
                last = column;
            }
        }
    }
    if (parts.size() == 1) {
        choice.add(last, values.front(), true, true);
    } else if (!parts.isEmpty()) {
        choice.others.append(u"(%1)"_s.arg(parts.join(" OR "_L1)));
        choice.otherValues += values;
    }
    return !parts.isEmpty();
}

Result<CallPage> CallLog::page(const CallFilter &filter, std::optional<CallPlace> place, int limit)
{
    CallPage page;
    TRY(const std::optional<Choice> choice, choiceOf(filter));
    if (!choice) {
        return page;
    }
    if (choice->others.isEmpty()) {
        return portion(*choice, place, limit, limit + 1);
    }
    const int most = choice->hasIndex ? mostFetched : mostScanned;
    const int step = choice->hasIndex ? portionFetched : mostScanned;
    const QDeadlineTimer deadline(patience);
    for (int looked = 0; looked < most; looked += step) {
        const int wanted = limit - static_cast<int>(page.calls.size());
        TRY(CallPage found, portion(*choice, place, wanted, step));
        std::ranges::move(found.calls, std::back_inserter(page.calls));
        place = page.next = found.next;
        if (!place || std::ssize(page.calls) == limit || deadline.hasExpired()) {
            break;
        }
    }
    return page;
}

/// Reads the page that is found among so many calls along the index; all of them, if nothing else has to hold.
Result<CallPage> CallLog::portion(const Choice &chosen, std::optional<CallPlace> place, int limit,
                                  int scanned)
{
    CallPage page;
    QVariantList values;
    const QString list = queryText("events/list"_L1, m_database.dialect());
    // They are read in this order already. SQLite does not know that, and would read all of them to sort them.
    const QString order = m_database.dialect() == Dialect::Sqlite
        ? QString()
        : u" ORDER BY e.started_at DESC, e.id DESC"_s;
    const QString statement = list.left(list.lastIndexOf("FROM "_L1)) + chosen.rows(place, values)
        + order + u" LIMIT ?"_s;
    TRY(page.calls,
        readWalk(statement, QVariantList(values) << scanned << chosen.otherValues << limit + 1));
    if (std::ssize(page.calls) > limit) {
        page.calls.pop_back();
        const LoggedCall &last = page.calls.back();
        page.next = {last.entry.startedAt.time_since_epoch().count(), last.id};
        return page;
    }
    if (!chosen.others.isEmpty()) {
        const auto take = [&page](const QSqlQuery &row) {
            page.next = {row.value(1).toLongLong(), row.value(0).toLongLong()};
        };
        const QString places = chosen.places(place, values);
        TRY_VOID(m_database.eachComposed(places + u" LIMIT 1 OFFSET ?"_s,
                                         QVariantList(values) << scanned - 1, take));
    }
    return page;
}

/// Reads calls along an index. PostgreSQL takes a page of disk that is read out of turn to cost four others, and would
/// rather walk all calls by time than those of a model by theirs; on what databases lie on today it costs about one.
Result<std::vector<LoggedCall>> CallLog::readWalk(const QString &statement,
                                                  const QVariantList &values)
{
    if (m_database.dialect() != Dialect::PostgreSql) {
        return read(statement, values);
    }
    TRY_VOID(m_database.execute(u"SET random_page_cost = 1.1"_s));
    Result<std::vector<LoggedCall>> calls = read(statement, values);
    // Also where reading failed: other reports of this connection are planned with it.
    const Result<void> reset = m_database.execute(u"RESET random_page_cost"_s);
    return calls && !reset ? failure(reset.error()) : std::move(calls);
}

Result<JournalOffsets> CallLog::offsets()
{
    JournalOffsets offsets;
    TRY_VOID(m_database.each("journal/select_all"_L1, {}, [&offsets](const QSqlQuery &row) {
        offsets[row.value(0).toLongLong()] = static_cast<std::uint64_t>(row.value(1).toLongLong());
    }));
    return offsets;
}

/// One gateway posts a journal, in its order and together with the position: what lies before that is there.
Result<CallTail> CallLog::behind(const CallFilter &filter, const JournalOffsets &offsets, int limit)
{
    CallTail tail{{}, offsets};
    TRY(const JournalOffsets applied, this->offsets());
    for (const auto &[journal, end] : applied) {
        const int room = limit - static_cast<int>(tail.calls.size());
        const std::uint64_t begin = tail.offsets[journal];
        if (begin < end && room > 0) {
            TRY_VOID(
                readRange(filter, {eventId(journal, begin), eventId(journal, end)}, room, tail));
        }
    }
    return tail;
}

/// Adds the calls whose ids are not below the first and below the second, and where to go on.
Result<void> CallLog::readRange(const CallFilter &filter, std::pair<qint64, qint64> ids, int limit,
                                CallTail &tail)
{
    const QString inner =
        u"SELECT id, started_at FROM spend_events WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"_s;
    const QVariantList range{ids.first, ids.second, mostScanned};
    qint64 next = ids.second;
    TRY_VOID(m_database.eachComposed(u"SELECT MAX(c.id), COUNT(*) FROM (%1) AS c"_s.arg(inner),
                                     range, [&next](const QSqlQuery &row) {
                                         next = row.value(1).toInt() < mostScanned
                                             ? next
                                             : row.value(0).toLongLong() + 1;
                                     }));
    CallFilter plain = filter;
    plain.tag.reset(); // Its index leads to rows by time, that of requests to a single one.
    plain.requestId.reset();
    TRY(const std::optional<Choice> choice, choiceOf(plain));
    if (choice) {
        QStringList conditions = choice->others;
        QVariantList values = choice->otherValues + choice->indexedValues;
        for (const QString &condition : choice->indexed) {
            conditions.append(u"e."_s + condition);
        }
        if (filter.requestId) {
            const QString request = QString::fromUtf8(*filter.requestId);
            conditions.append(isOfRequest);
            values << request << request;
        }
        if (filter.tag) {
            TRY(const qint64 ref, NameTable(m_database).find(cleanText(*filter.tag)));
            conditions.append(u"EXISTS (SELECT 1 FROM spend_event_tags AS t WHERE t.tag_ref = ? "
                              "AND t.started_at = e.started_at AND t.event_id = e.id)"_s);
            values.append(ref);
        }
        const QString where = conditions.isEmpty() ? QString()
                                                   : u" WHERE "_s + conditions.join(" AND "_L1);
        TRY(const std::vector<LoggedCall> calls,
            read(
                u"%1 INNER JOIN (%2) AS c ON c.id = e.id AND c.started_at = e.started_at%3 ORDER BY e.id LIMIT ?"_s
                    .arg(queryText("events/list"_L1, m_database.dialect()), inner, where),
                range + values + QVariantList{limit}));
        next = std::ssize(calls) == limit ? calls.back().id + 1 : next;
        tail.calls.insert(tail.calls.end(), calls.begin(), calls.end());
    }
    tail.offsets[ids.first >> journalShift] = offsetOf(next);
    return {};
}

Result<std::optional<LoggedCall>> CallLog::find(qint64 id, const ListReach &reach)
{
    Choice choice;
    TRY(const bool isReachable, addReach(reach, choice));
    if (!isReachable) {
        return std::nullopt;
    }
    QStringList conditions{u"e.id = ?"_s};
    QVariantList values{id};
    for (const QString &condition : std::as_const(choice.indexed)) {
        conditions.append(u"e."_s + condition);
    }
    conditions += choice.others;
    values += choice.indexedValues + choice.otherValues;
    TRY(const std::vector<LoggedCall> calls,
        read(queryText("events/list"_L1, m_database.dialect()) + u" WHERE "_s
                 + conditions.join(" AND "_L1),
             values));
    return calls.empty() ? std::nullopt : std::optional(calls.front());
}

Result<std::vector<LoggedCall>> CallLog::read(const QString &statement, const QVariantList &values)
{
    std::vector<LoggedCall> calls;
    TRY_VOID(m_database.eachComposed(statement, values, [&calls](const QSqlQuery &row) {
        calls.push_back(
            {row.value(0).toLongLong(), entryOf(row).entry, row.value(contentColumn).toInt() == 1});
    }));
    return calls;
}

} // namespace delta::store

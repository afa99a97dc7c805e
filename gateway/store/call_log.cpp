#include "gateway/store/call_log.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/event_reader.h"
#include "gateway/store/journal_row.h"
#include "gateway/store/name_table.h"
#include "gateway/store/sql_text.h"

#include <QStringList>

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

/// So many rows are looked at for a page of what no index finds.
constexpr int mostScanned = 20'000;
/// Behind those that every reader of events knows.
constexpr int contentColumn = 33;

QString columnIs(QLatin1StringView column)
{
    return u"%1 = ?"_s.arg(column);
}

} // namespace

/// Conditions on rows that an index finds in order, and on these rows.
struct CallLog::Choice {
    QString source = u"SELECT id, started_at FROM spend_events"_s;
    QLatin1StringView id = "id"_L1;
    QStringList indexed;
    QVariantList indexedValues;
    QStringList others;
    QVariantList otherValues;
    bool hasIndex = false;

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
    [[nodiscard]] QString inner(std::optional<CallPlace> place, QVariantList &values) const
    {
        QStringList conditions = indexed;
        values = indexedValues;
        if (place) {
            conditions.append(u"(started_at, %1) < (?, ?)"_s.arg(id));
            values << place->startedAt << place->id;
        }
        const QString where = conditions.isEmpty() ? QString()
                                                   : u" WHERE "_s + conditions.join(" AND "_L1);
        return source + where + u" ORDER BY started_at DESC, %1 DESC"_s.arg(id);
    }
};

/// Adds what is no name.
void CallLog::narrow(const CallFilter &filter, Choice &choice)
{
    if (filter.requestId) {
        choice.others.append(u"(e.request_id = ? OR e.client_request_id = ?)"_s);
        const QString id = QString::fromUtf8(*filter.requestId);
        choice.otherValues << id << id;
    }
    if (filter.status) {
        choice.add("status"_L1, *filter.status, false);
    }
    if (filter.outcome) {
        choice.add("outcome"_L1, std::to_underlying(*filter.outcome), false);
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
        choice.source = u"SELECT event_id AS id, started_at FROM spend_event_tags"_s;
        choice.id = "event_id"_L1;
        choice.add("tag_ref"_L1, ref, true);
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
    }
    if (filter.endUser) {
        choice.add("end_user"_L1, QString::fromUtf8(cleanText(*filter.endUser)), true);
    }
    TRY(const bool isReachable, addReach(filter.reach, choice));
    if (!isReachable) {
        return std::nullopt;
    }
    narrow(filter, choice);
    return choice;
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
    const int scanned = choice->others.isEmpty() ? limit + 1 : mostScanned;
    QVariantList values;
    const QString inner = choice->inner(place, values);
    const QString where = choice->others.isEmpty() ? QString()
                                                   : u" WHERE "_s + choice->others.join(" AND "_L1);
    const QString statement =
        u"%1 INNER JOIN (%2 LIMIT ?) AS c ON c.id = e.id AND c.started_at = e.started_at%3 ORDER BY e.started_at DESC, e.id DESC LIMIT ?"_s
            .arg(queryText("events/list"_L1, m_database.dialect()), inner, where);
    TRY(page.calls,
        read(statement, QVariantList(values) << scanned << choice->otherValues << limit + 1));
    if (std::ssize(page.calls) > limit) {
        page.calls.pop_back();
        const LoggedCall &last = page.calls.back();
        page.next = {last.entry.startedAt.time_since_epoch().count(), last.id};
        return page;
    }
    if (!choice->others.isEmpty()) {
        const auto take = [&page](const QSqlQuery &row) {
            page.next = {row.value(1).toLongLong(), row.value(0).toLongLong()};
        };
        TRY_VOID(m_database.eachComposed(inner + u" LIMIT 1 OFFSET ?"_s,
                                         QVariantList(values) << scanned - 1, take));
    }
    return page;
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
    CallFilter untagged = filter;
    untagged.tag.reset(); // Its index leads to rows by time.
    TRY(const std::optional<Choice> choice, choiceOf(untagged));
    if (choice) {
        QStringList conditions = choice->others;
        QVariantList values = choice->otherValues + choice->indexedValues;
        for (const QString &condition : choice->indexed) {
            conditions.append(u"e."_s + condition);
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

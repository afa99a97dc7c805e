#include "gateway/store/spend_reports.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/event_reader.h"
#include "gateway/store/name_table.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <span>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maxLimit = 1000;
constexpr qint64 beginningOfTime = 0;
constexpr qint64 endOfTime = std::numeric_limits<qint64>::max();
constexpr qint64 hour = 3'600'000; ///< Milliseconds.

/// No call began before 1970: the poster sees to that.
qint64 millisecondsOf(const std::optional<WallTime> &time, qint64 otherwise)
{
    return time ? std::max<qint64>(time->time_since_epoch().count(), 0) : otherwise;
}

} // namespace

Result<std::optional<SpendReports::Refs>> SpendReports::refsOf(const SpendFilter &filter)
{
    NameTable names(m_database);
    Refs refs;
    const std::pair<const std::optional<QByteArray> &, qint64 &> wanted[] = {
        {filter.keyId, refs.key},
        {filter.userId, refs.user},
        {filter.teamId, refs.team},
        {filter.model, refs.model},
        {filter.organizationId, refs.organization},
        {filter.tag, refs.tag}};
    for (const auto &[name, ref] : wanted) {
        if (name) {
            TRY(ref, names.find(cleanText(*name)));
            if (ref < 0) {
                return std::nullopt;
            }
        }
    }
    return refs;
}

Result<std::vector<ports::PostedEntry>> SpendReports::log(const SpendFilter &filter,
                                                          const Page &page)
{
    std::vector<ports::PostedEntry> entries;
    TRY(const std::optional<Refs> refs, refsOf(filter));
    if (!refs) {
        return entries;
    }
    // The narrowest filter chooses the index.
    const QLatin1StringView query = refs->key >= 0 ? "events/select_by_key"_L1
        : refs->tag >= 0                           ? "events/select_by_tag"_L1
        : refs->user >= 0                          ? "events/select_by_user"_L1
        : refs->team >= 0                          ? "events/select_by_team"_L1
        : refs->organization >= 0                  ? "events/select_by_organization"_L1
        : refs->model >= 0                         ? "events/select_by_model"_L1
                                                   : "events/select_newest"_L1;
    const QVariantList values{millisecondsOf(filter.from, beginningOfTime),
                              millisecondsOf(filter.until, endOfTime),
                              std::clamp<qint64>(page.limit, 0, maxLimit),
                              std::max<qint64>(page.offset, 0),
                              refs->key,
                              refs->user,
                              refs->team,
                              refs->model,
                              refs->organization,
                              refs->tag};
    TRY_VOID(m_database.each(
        query, values, [&entries](const QSqlQuery &row) { entries.push_back(entryOf(row)); }));
    return entries;
}

Result<SpendTotals> SpendReports::totals(const SpendFilter &filter)
{
    SpendTotals totals;
    TRY(const std::optional<Refs> refs, refsOf(filter));
    if (!refs) {
        return totals;
    }
    const SlotRange range{millisecondsOf(filter.from, beginningOfTime),
                          millisecondsOf(filter.until, endOfTime)};
    const SlotRange hours{range.from / hour + (range.from % hour == 0 ? 0 : 1), range.until / hour};
    if (hours.from > hours.until || (refs->tag >= 0 && !subjectOf(*refs))) {
        TRY_VOID(addEvents(*refs, range, totals)); // All within one hour, or in no roll-up.
        return totals;
    }
    TRY_VOID(addEvents(*refs, {range.from, hours.from * hour}, totals));
    TRY_VOID(addHours(*refs, hours, totals));
    TRY_VOID(addEvents(*refs, {hours.until * hour, range.until}, totals));
    return totals;
}

std::optional<RollUpSubject> SpendReports::subjectOf(const Refs &refs)
{
    const std::pair<Dimension, qint64> asked[] = {
        {Dimension::Key, refs.key},     {Dimension::User, refs.user},
        {Dimension::Team, refs.team},   {Dimension::Organization, refs.organization},
        {Dimension::Model, refs.model}, {Dimension::Tag, refs.tag}};
    std::optional<RollUpSubject> subject;
    for (const auto &[dimension, ref] : asked) {
        // Calls without a name are in no sums of their own.
        if (ref == 0 || (ref > 0 && subject)) {
            return std::nullopt;
        }
        if (ref > 0) {
            subject = RollUpSubject{dimension, ref};
        }
    }
    return subject.value_or(RollUpSubject());
}

Result<void> SpendReports::addEvents(const Refs &refs, SlotRange range, SpendTotals &totals)
{
    const QLatin1StringView query = refs.key >= 0 ? "events/sum_by_key"_L1
        : refs.tag >= 0                           ? "events/sum_by_tag"_L1
                                                  : "events/sum"_L1;
    return add(query, refs, range, totals);
}

Result<void> SpendReports::addHours(const Refs &refs, SlotRange hours, SpendTotals &totals)
{
    if (const std::optional<RollUpSubject> subject = subjectOf(refs)) {
        TRY(const SpendTotals sum, sumRollUps(m_database, *subject, hours));
        totals += sum;
        return {};
    }
    // The narrowest filter chooses the index.
    const QLatin1StringView ofHours = refs.key >= 0 ? "hourly/sum_by_key"_L1
        : refs.user > 0                             ? "hourly/sum_by_user"_L1
        : refs.team > 0                             ? "hourly/sum_by_team"_L1
                                                    : "hourly/sum"_L1;
    const QLatin1StringView ofDays = refs.key >= 0 ? "daily/sum_by_key"_L1
        : refs.user > 0                            ? "daily/sum_by_user"_L1
        : refs.team > 0                            ? "daily/sum_by_team"_L1
        : refs.model >= 0                          ? "daily/sum_by_model"_L1
        : refs.organization > 0                    ? "daily/sum_by_organization"_L1
                                                   : "daily/sum"_L1;
    const CutRange parts = CutRange::of(hours);
    TRY_VOID(add(ofHours, refs, parts.before, totals));
    TRY_VOID(add(ofDays, refs, parts.days, totals));
    return add(ofHours, refs, parts.after, totals);
}

Result<void> SpendReports::add(QLatin1StringView query, const Refs &refs, SlotRange range,
                               SpendTotals &totals)
{
    if (range.isEmpty()) {
        return {};
    }
    const QVariantList values{range.from, range.until, refs.key,          refs.user,
                              refs.team,  refs.model,  refs.organization, refs.tag};
    return m_database.eachNumbers(
        query, values, [&totals](std::span<const qint64> row) { totals += totalsOf(row); });
}

} // namespace delta::store

#include "gateway/store/grouped_reports.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/name_table.h"
#include "gateway/store/roll_up_sums.h"
#include "gateway/store/row_reader.h"

#include <QHash>
#include <QString>

#include <algorithm>
#include <chrono>
#include <limits>
#include <span>
#include <tuple>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maxLimit = 1000;
constexpr qint64 hoursPerDay = daySlot / hourSlot;
/// Later than any call, and still a number of milliseconds.
constexpr qint64 lastHour = std::numeric_limits<qint64>::max() / (hourSlot * 1000);

bool hasNames(Dimension dimension)
{
    return dimension != Dimension::All && dimension != Dimension::Status;
}

/// Returns a time as hours since 1970. No call began before: the poster sees to that.
qint64 hourOf(const std::optional<WallTime> &time, qint64 otherwise)
{
    return time ? std::max<qint64>(
                      std::chrono::floor<std::chrono::hours>(time->time_since_epoch()).count(), 0)
                : otherwise;
}

SlotRange hoursOf(const WholeHours &range)
{
    return {hourOf(range.from, 0), hourOf(range.until, lastHour)};
}

/// Puts steps in their order, and makes one of those that begin together.
void arrange(std::vector<ReportStep> &steps)
{
    std::ranges::stable_sort(steps, {}, &ReportStep::start);
    std::vector<ReportStep> arranged;
    arranged.reserve(steps.size());
    for (const ReportStep &step : steps) {
        if (!arranged.empty() && arranged.back().start == step.start) {
            arranged.back().totals += step.totals;
        } else {
            arranged.push_back(step);
        }
    }
    steps = std::move(arranged);
}

} // namespace

WholeHours WholeHours::around(std::optional<WallTime> from, std::optional<WallTime> until)
{
    constexpr WallTime latest{std::chrono::hours(lastHour)};
    WholeHours range;
    if (from) {
        range.from = std::chrono::floor<std::chrono::hours>(std::clamp(*from, WallTime(), latest));
    }
    if (until) {
        range.until = std::chrono::ceil<std::chrono::hours>(std::clamp(*until, WallTime(), latest));
    }
    return range;
}

Result<SpendReport> GroupedReports::read(const ReportQuestion &question)
{
    const bool isOne = question.only.has_value() || question.dimension == Dimension::All;
    return isOne ? readOne(question) : readAll(question);
}

Result<std::optional<qint64>> GroupedReports::refOf(const ReportQuestion &question)
{
    if (question.dimension == Dimension::All) {
        return 0;
    }
    if (question.dimension == Dimension::Status) {
        bool isNumber = false;
        const qint64 status = question.only->toLongLong(&isNumber);
        return isNumber ? std::optional(status) : std::nullopt;
    }
    NameTable names(m_database);
    TRY(const qint64 ref, names.find(cleanText(*question.only)));
    return ref > 0 ? std::optional(ref) : std::nullopt;
}

Result<SpendReport> GroupedReports::readOne(const ReportQuestion &question)
{
    SpendReport report;
    TRY(const std::optional<qint64> ref, refOf(question));
    if (!ref) {
        return report;
    }
    report.groups.push_back({question.only.value_or(QByteArray()), {}, {}, {}});
    TRY_VOID(addSums(report, {*ref}, question));
    report.totals = report.groups.front().totals;
    const bool isOnPage = report.totals.requests > 0 && question.page.offset <= 0;
    if (!isOnPage || question.page.limit < 1) {
        report.hasMore = isOnPage;
        report.groups.clear();
        return report;
    }
    TRY(report.groups.front().alias, aliasOf(question));
    return report;
}

Result<SpendReport> GroupedReports::readAll(const ReportQuestion &question)
{
    SpendReport report;
    TRY(report.totals, sumRollUps(m_database, {}, hoursOf(question.range)));
    TRY(const std::vector<qint64> refs, findGroups(report, question));
    TRY_VOID(addSums(report, refs, question));
    return report;
}

/// Adds the groups of the page, and returns the ref of each.
Result<std::vector<qint64>> GroupedReports::findGroups(SpendReport &report,
                                                       const ReportQuestion &question)
{
    const CutRange range = CutRange::of(hoursOf(question.range));
    const qint64 limit = std::clamp<qint64>(question.page.limit, 0, maxLimit);
    const QVariantList values{std::to_underlying(question.dimension),
                              range.before.from,
                              range.before.until,
                              range.days.from,
                              range.days.until,
                              range.after.from,
                              range.after.until,
                              limit + 1, // One more says whether there is more.
                              std::max<qint64>(question.page.offset, 0)};
    std::vector<qint64> refs;
    TRY_VOID(m_database.eachNumbers(
        "rollups/select_groups"_L1, values,
        [&refs](std::span<const qint64> row) { refs.push_back(row.front()); }));
    if (std::ssize(refs) > limit) {
        refs.pop_back();
        report.hasMore = true;
    }
    for (const qint64 ref : refs) {
        report.groups.push_back({QByteArray::number(ref), {}, {}, {}});
    }
    if (hasNames(question.dimension)) {
        TRY_VOID(addNames(report, refs, question));
    }
    return refs;
}

Result<void> GroupedReports::addNames(SpendReport &report, const std::vector<qint64> &refs,
                                      const ReportQuestion &question)
{
    const QVariantList values{std::to_underlying(question.dimension), refList(refs)};
    QHash<qint64, std::pair<QByteArray, QByteArray>> names;
    TRY_VOID(m_database.each("rollups/select_names"_L1, values, [&names](const QSqlQuery &row) {
        RowReader reader(row);
        auto &[name, alias] = names[reader.number()];
        name = reader.text();
        alias = reader.text();
    }));
    for (std::size_t i = 0; i < refs.size(); ++i) {
        std::tie(report.groups[i].name, report.groups[i].alias) = names.value(refs[i]);
    }
    return {};
}

/// Adds the totals and the steps of all groups of a report; `refs` has one for each.
Result<void> GroupedReports::addSums(SpendReport &report, const std::vector<qint64> &refs,
                                     const ReportQuestion &question)
{
    QHash<qint64, ReportGroup *> groups;
    for (std::size_t i = 0; i < refs.size(); ++i) {
        groups.insert(refs[i], &report.groups[i]);
    }
    const bool isHourly = question.interval == ReportInterval::Hour;
    const SlotRange whole = hoursOf(question.range);
    const CutRange range = isHourly ? CutRange{whole, {}, {}} : CutRange::of(whole);
    QVariantList values{std::to_underlying(question.dimension),
                        refList(refs),
                        range.before.from,
                        range.before.until,
                        range.days.from,
                        range.days.until,
                        range.after.from,
                        range.after.until};
    if (question.interval == ReportInterval::None) {
        return m_database.eachNumbers("rollups/select_sums"_L1, values,
                                      [&groups](std::span<const qint64> row) {
                                          groups.value(row[0])->totals += totalsOf(row.subspan(1));
                                      });
    }
    const qint64 hours = isHourly ? 1 : hoursPerDay;
    values.append(hours);
    const auto take = [&groups, hours](std::span<const qint64> row) {
        ReportGroup &group = *groups.value(row[0]);
        const SpendTotals totals = totalsOf(row.subspan(2));
        group.totals += totals;
        group.steps.push_back({WallTime(std::chrono::hours(row[1] * hours)), totals});
    };
    TRY_VOID(m_database.eachNumbers("rollups/select_steps"_L1, values, take));
    for (ReportGroup &group : report.groups) {
        arrange(group.steps);
    }
    return {};
}

Result<QByteArray> GroupedReports::aliasOf(const ReportQuestion &question)
{
    QByteArray alias;
    if (question.dimension == Dimension::Key) {
        TRY_VOID(m_database.each(
            "keys/select_alias"_L1, {QString::fromUtf8(*question.only)},
            [&alias](const QSqlQuery &row) { alias = row.value(0).toString().toUtf8(); }));
    }
    return alias;
}

} // namespace delta::store

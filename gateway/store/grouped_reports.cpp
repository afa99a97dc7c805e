#include "gateway/store/grouped_reports.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/name_table.h"
#include "gateway/store/row_reader.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <algorithm>
#include <chrono>
#include <limits>
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

GroupedReports::Slots GroupedReports::hoursOf(const WholeHours &range)
{
    return {hourOf(range.from, 0), hourOf(range.until, lastHour)};
}

GroupedReports::Cut GroupedReports::cut(const WholeHours &range)
{
    const Slots hours = hoursOf(range);
    const Slots days{(hours.from + hoursPerDay - 1) / hoursPerDay, hours.until / hoursPerDay};
    if (days.from >= days.until) {
        return {hours, {}, {}};
    }
    return {{hours.from, days.from * hoursPerDay}, days, {days.until * hoursPerDay, hours.until}};
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
    const Subject subject{std::to_underlying(question.dimension), *ref};
    TRY(report.totals, total(subject, question.range));
    if (report.totals.requests == 0 || question.page.offset > 0) {
        return report;
    }
    if (question.page.limit < 1) {
        report.hasMore = true;
        return report;
    }
    ReportGroup group{question.only.value_or(QByteArray()), {}, report.totals, {}};
    TRY(group.alias, aliasOf(question));
    report.groups.push_back(std::move(group));
    TRY_VOID(addSteps(report, {*ref}, question));
    return report;
}

Result<SpendReport> GroupedReports::readAll(const ReportQuestion &question)
{
    SpendReport report;
    TRY(report.totals, total({}, question.range));
    const Cut range = cut(question.range);
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
    const auto take = [&](const QSqlQuery &row) {
        RowReader reader(row);
        refs.push_back(reader.number());
        const QByteArray name = reader.text();
        const QByteArray alias = reader.text();
        report.groups.push_back(
            {hasNames(question.dimension) ? name : QByteArray::number(refs.back()),
             alias,
             reader.totals(),
             {}});
    };
    TRY_VOID(m_database.each("rollups/select_groups"_L1, values, take));
    if (std::ssize(report.groups) > limit) {
        report.groups.pop_back();
        report.hasMore = true;
    }
    TRY_VOID(addSteps(report, refs, question));
    return report;
}

Result<SpendTotals> GroupedReports::total(Subject subject, const WholeHours &range)
{
    SpendTotals totals;
    const Cut parts = cut(range);
    const std::pair<Slots, int> pieces[] = {
        {parts.before, hourSlot}, {parts.days, daySlot}, {parts.after, hourSlot}};
    for (const auto &[piece, seconds] : pieces) {
        if (piece.from < piece.until) {
            const QVariantList values{piece.from, piece.until, subject.dimension, seconds,
                                      subject.ref};
            TRY_VOID(m_database.each("rollups/sum"_L1, values, [&totals](const QSqlQuery &row) {
                totals += RowReader(row).totals();
            }));
        }
    }
    return totals;
}

/// Adds the steps of all groups of a report; `refs` has one for each, and perhaps more.
Result<void> GroupedReports::addSteps(SpendReport &report, const std::vector<qint64> &refs,
                                      const ReportQuestion &question)
{
    if (question.interval == ReportInterval::None) {
        return {};
    }
    QHash<qint64, std::size_t> places;
    QStringList texts;
    for (std::size_t i = 0; i < report.groups.size(); ++i) {
        places.insert(refs[i], i);
        texts.append(QString::number(refs[i]));
    }
    const bool isDaily = question.interval == ReportInterval::Day;
    const Cut range = isDaily ? cut(question.range) : Cut{hoursOf(question.range), {}, {}};
    const qint64 hours = isDaily ? hoursPerDay : 1;
    const QVariantList values{std::to_underlying(question.dimension),
                              u'[' + texts.join(u',') + u']',
                              range.before.from,
                              range.before.until,
                              range.days.from,
                              range.days.until,
                              range.after.from,
                              range.after.until,
                              hours};
    return m_database.each("rollups/select_steps"_L1, values, [&](const QSqlQuery &row) {
        RowReader reader(row);
        std::vector<ReportStep> &steps = report.groups[places.value(reader.number())].steps;
        const WallTime start{std::chrono::hours(reader.number() * hours)};
        steps.push_back({start, reader.totals()});
    });
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

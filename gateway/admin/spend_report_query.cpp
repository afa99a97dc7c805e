#include "gateway/admin/spend_report_query.h"

#include "gateway/admin/query_text.h"
#include "gateway/admin/query_values.h"

#include <QStringList>
#include <QUrlQuery>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

using store::Dimension;
using store::ReportInterval;
using store::ReportQuestion;

constexpr qint64 highestLimit = 1'000;
constexpr qint64 highestOffset = 1'000'000'000;
constexpr qint64 standardLimit = 100;
/// Groups of a report that has steps: each of them asks the database.
constexpr qint64 highestLimitOfSteps = 100;
constexpr qint64 mostSteps = 10'000; ///< In one answer.

/// A dimension, its name in group_by, and the parameter that chooses one of it.
struct Grouping {
    Dimension dimension;
    QLatin1StringView name;
    QLatin1StringView filter; ///< Empty: there is nothing to choose.
};

constexpr std::array groupings{
    Grouping{Dimension::All, "none"_L1, {}},
    Grouping{Dimension::Key, "key"_L1, "api_key"_L1},
    Grouping{Dimension::User, "user"_L1, "user_id"_L1},
    Grouping{Dimension::Team, "team"_L1, "team_id"_L1},
    Grouping{Dimension::Organization, "organization"_L1, "organization_id"_L1},
    Grouping{Dimension::Model, "model"_L1, "model"_L1},
    Grouping{Dimension::Deployment, "deployment"_L1, "deployment_id"_L1},
    Grouping{Dimension::Provider, "provider"_L1, "provider"_L1},
    Grouping{Dimension::Tag, "tag"_L1, "tag"_L1},
    Grouping{Dimension::Status, "status"_L1, "status"_L1},
};

constexpr std::array intervals{
    std::pair{ReportInterval::None, "none"_L1},
    std::pair{ReportInterval::Hour, "hour"_L1},
    std::pair{ReportInterval::Day, "day"_L1},
};

constexpr std::array parameterNames{
    "group_by"_L1, "interval"_L1,        "start_date"_L1, "end_date"_L1,      "api_key"_L1,
    "user_id"_L1,  "team_id"_L1,         "model"_L1,      "deployment_id"_L1, "provider"_L1,
    "tag"_L1,      "organization_id"_L1, "status"_L1,     "limit"_L1,         "offset"_L1};

Result<const Grouping *> readGrouping(const QUrlQuery &query)
{
    const std::optional<QByteArray> text = readText(query, "group_by"_L1);
    if (!text) {
        return &groupings.front();
    }
    const auto found = std::ranges::find_if(
        groupings, [&text](const Grouping &grouping) { return *text == grouping.name; });
    if (found == groupings.end()) {
        QStringList names;
        for (const Grouping &grouping : groupings) {
            names.append(grouping.name);
        }
        return wrongParameter("group_by"_L1, u"must be one of "_s + names.join(u", "));
    }
    return &*found;
}

Result<ReportInterval> readInterval(const QUrlQuery &query)
{
    const std::optional<QByteArray> text = readText(query, "interval"_L1);
    if (!text) {
        return ReportInterval::None;
    }
    for (const auto &[interval, name] : intervals) {
        if (*text == name) {
            return interval;
        }
    }
    return wrongParameter("interval"_L1, u"must be none, hour or day"_s);
}

/// Reads the filter, and takes its dimension where none is asked for.
Result<void> readFilter(const QUrlQuery &query, ReportQuestion &question)
{
    const Dimension asked = question.dimension;
    for (const Grouping &grouping : groupings) {
        const std::optional<QByteArray> only = grouping.filter.isEmpty()
            ? std::nullopt
            : readText(query, grouping.filter);
        if (!only) {
            continue;
        }
        if (question.only) {
            return wrongParameter(
                grouping.filter,
                u"cannot be combined with another filter: a report has one at most"_s);
        }
        if (asked != Dimension::All && asked != grouping.dimension) {
            return wrongParameter(grouping.filter,
                                  u"can be combined with group_by=%1 or no group_by only: sums are "
                                  "kept of one dimension each"_s.arg(grouping.name));
        }
        question.dimension = grouping.dimension;
        question.only = only;
    }
    return {};
}

/// Returns how many groups an answer with steps has room for.
Result<qint64> groupsWithSteps(const ReportQuestion &question)
{
    const store::WholeHours &range = question.range;
    if (!range.from || !range.until) {
        return wrongParameter("interval"_L1, u"needs start_date and end_date"_s);
    }
    const auto length = std::chrono::floor<std::chrono::hours>(*range.until - *range.from);
    const qint64 hours = std::max<qint64>(length.count(), 1);
    const qint64 steps = question.interval == ReportInterval::Hour ? hours : hours / 24 + 2;
    if (steps > mostSteps) {
        return wrongParameter(
            "interval"_L1,
            u"would give more than %1 steps; ask for a shorter time"_s.arg(mostSteps));
    }
    return std::min(highestLimitOfSteps, mostSteps / steps);
}

Result<void> readPage(const QUrlQuery &query, ReportQuestion &question)
{
    qint64 highest = highestLimit;
    if (question.interval != ReportInterval::None) {
        TRY(highest, groupsWithSteps(question));
    }
    TRY(question.page.limit,
        readCount(query, "limit"_L1, std::min(standardLimit, highest), highest));
    TRY(question.page.offset, readCount(query, "offset"_L1, 0, highestOffset));
    return {};
}

} // namespace

QLatin1StringView groupingName(Dimension dimension)
{
    return std::ranges::find(groupings, dimension, &Grouping::dimension)->name;
}

QLatin1StringView intervalName(ReportInterval interval)
{
    return std::ranges::find(intervals, interval, [](const auto &row) { return row.first; })
        ->second;
}

Result<ReportQuery> readReportQuery(QByteArrayView text)
{
    const QUrlQuery query = readQuery(text);
    TRY_VOID(checkNames(query, parameterNames));
    ReportQuery result;
    ReportQuestion &question = result.question;
    TRY(const Grouping *const grouping, readGrouping(query));
    question.dimension = grouping->dimension;
    TRY(question.interval, readInterval(query));
    TRY_VOID(readFilter(query, question));
    TRY(const auto from, readTime(query, "start_date"_L1, std::chrono::days(0)));
    TRY(const auto until, readTime(query, "end_date"_L1, std::chrono::days(1)));
    question.range = store::WholeHours::around(from, until);
    TRY_VOID(readPage(query, question));
    result.isAboutAll = question.dimension == Dimension::All && !readText(query, "group_by"_L1);
    return result;
}

Result<ReportQuery> reportFor(const auth::Principal &principal, ReportQuery wish)
{
    if (principal.kind == auth::PrincipalKind::Master) {
        return wish;
    }
    ReportQuestion &question = wish.question;
    const bool isOwn = question.dimension == Dimension::Key
        && question.only.value_or(principal.keyId) == principal.keyId;
    if (!isOwn && !wish.isAboutAll) {
        return failure(ApiError::permissionDenied(
            u"A virtual key sees what it spent itself (group_by=key); all else needs the "
            "master key."_s));
    }
    question.dimension = Dimension::Key;
    question.only = principal.keyId;
    return wish;
}

} // namespace delta::admin

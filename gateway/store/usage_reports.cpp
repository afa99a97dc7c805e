#include "gateway/store/usage_reports.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/mixed_usage.h"
#include "gateway/store/name_table.h"
#include "gateway/store/roll_up_sums.h"
#include "gateway/store/row_reader.h"
#include "gateway/store/spend_leaders.h"

#include <QHash>

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

/// How a question is answered.
struct UsageReports::Plan {
    UsageRefs refs;
    UsageSpans spans;
    /// The one dimension whose sums tell what all of it is together, and of which names; absent: the sums of all
    /// dimensions together are read.
    std::optional<UsageRefs::Filter> total;
    /// Likewise of the groups.
    std::optional<UsageRefs::Filter> single;
};

namespace {

QByteArrayList bytesOf(const QStringList &texts)
{
    QByteArrayList bytes;
    for (const QString &text : texts) {
        bytes.append(text.toUtf8());
    }
    return bytes;
}

/// Returns the filters of which one must hold.
std::vector<UsageFilter> filtersOf(const ListReach &reach)
{
    std::vector<UsageFilter> filters;
    const auto add = [&filters](Dimension dimension, const QStringList &ids) {
        if (!ids.isEmpty()) {
            const QByteArrayList bytes = bytesOf(ids);
            filters.push_back({dimension, {bytes.begin(), bytes.end()}});
        }
    };
    add(Dimension::Organization, reach.organizations);
    add(Dimension::Team, reach.teams);
    add(Dimension::User, reach.user.isEmpty() ? QStringList() : QStringList{reach.user});
    return filters;
}

/// Returns what one dimension has to be asked, if one is enough. Who may see calls of one kind of owner only has asked
/// for these.
std::optional<UsageRefs::Filter> totalOf(const UsageRefs &refs)
{
    std::vector<UsageRefs::Filter> all = refs.filters;
    if (refs.reach.size() > 1) {
        return std::nullopt;
    }
    all.insert(all.end(), refs.reach.begin(), refs.reach.end());
    if (all.empty()) {
        return UsageRefs::Filter{Dimension::All, {}};
    }
    // Calls without a name are in no sums of their own.
    const bool isOne = all.size() == 1 && !std::ranges::contains(all.front().refs, 0);
    return isOne ? std::optional(all.front()) : std::nullopt;
}

/// Returns what the dimension of the groups has to be asked, if it is enough.
std::optional<UsageRefs::Filter> singleOf(Dimension group,
                                          const std::optional<UsageRefs::Filter> &total)
{
    if (total && total->refs.empty()) {
        return UsageRefs::Filter{group, {}};
    }
    return total && total->dimension == group ? total : std::nullopt;
}

/// Says whether there may be so many names of a dimension that not all of them can be added up.
bool isLarge(Dimension dimension)
{
    return dimension == Dimension::Key || dimension == Dimension::User
        || dimension == Dimension::Team;
}

bool asksFor(Dimension dimension, const UsageQuestion &question)
{
    return question.group == dimension
        || std::ranges::contains(question.filters, dimension, &UsageFilter::dimension);
}

/// Checks that nothing is combined of which sums are kept of each name alone.
Result<void> checkAlone(const UsageQuestion &question)
{
    for (const auto &[dimension, name] :
         {std::pair{Dimension::Tag, "tag"_L1}, {Dimension::EndUser, "end_user"_L1}}) {
        if (asksFor(dimension, question)) {
            return failure(ApiError::unsupported(
                u"'%1' cannot be combined with anything else: sums are kept of each %1 alone."_s
                    .arg(name),
                QString(name)));
        }
    }
    return {};
}

} // namespace

Result<UsageReport> UsageReports::read(const UsageQuestion &question)
{
    UsageReport report;
    const std::size_t steps = question.hasSteps ? question.bounds.size() - 1 : 0;
    report.steps.resize(steps);
    TRY(const std::optional<UsageRefs> refs, refsOf(question));
    if (!refs) {
        return report;
    }
    const std::optional<UsageRefs::Filter> total = totalOf(*refs);
    const Plan plan{*refs, UsageSpans::of(question.bounds), total, singleOf(question.group, total)};
    const bool isAlone = question.group == Dimension::All ? total.has_value()
                                                          : plan.single.has_value();
    if (!isAlone) {
        TRY_VOID(checkAlone(question));
        if (MixedUsage::tells(question, *refs)) {
            TRY(const std::vector<qint64> groups,
                MixedUsage(m_database).read(question, *refs, plan.spans, report));
            TRY_VOID(addNames(question, groups, report));
            return report;
        }
    }
    TRY_VOID(addAll(question, plan, report));
    if (question.group == Dimension::All) {
        return report;
    }
    TRY(std::vector<qint64> groups, groupsOf(question, plan));
    report.hasMore = std::ssize(groups) > question.limit;
    groups.resize(std::min<std::size_t>(groups.size(), static_cast<std::size_t>(question.limit)));
    for (std::size_t i = 0; i < groups.size(); ++i) {
        report.groups.push_back({{}, {}, {}, std::vector<SpendTotals>(steps)});
    }
    TRY_VOID(addNames(question, groups, report));
    TRY_VOID(addGroups(question, plan, groups, report));
    return report;
}

Result<std::vector<qint64>> UsageReports::idsOf(const UsageFilter &filter)
{
    NameTable names(m_database);
    std::vector<qint64> ids;
    for (const QByteArray &name : filter.names) {
        qint64 id = -1;
        if (filter.dimension == Dimension::Status) {
            bool isNumber = false;
            id = name.toLongLong(&isNumber);
            id = isNumber ? id : -1;
        } else {
            const QByteArray text = cleanText(name);
            TRY(id, names.find(filter.dimension == Dimension::EndUser ? endUserName(text) : text));
        }
        if (id >= 0) {
            ids.push_back(id);
        }
    }
    return ids;
}

Result<std::optional<UsageRefs>> UsageReports::refsOf(const UsageQuestion &question)
{
    UsageRefs refs;
    for (const UsageFilter &filter : question.filters) {
        TRY(std::vector<qint64> ids, idsOf(filter));
        if (ids.empty()) {
            return std::nullopt;
        }
        refs.filters.push_back({filter.dimension, std::move(ids)});
    }
    if (question.reach.isAll) {
        return refs;
    }
    for (const UsageFilter &filter : filtersOf(question.reach)) {
        TRY(std::vector<qint64> ids, idsOf(filter));
        if (!ids.empty()) {
            refs.reach.push_back({filter.dimension, std::move(ids)});
        }
    }
    return refs.reach.empty() ? std::nullopt : std::optional(std::move(refs));
}

/// Returns the ids of the dearest groups, one more than are asked for if there are more.
Result<std::vector<qint64>> UsageReports::groupsOf(const UsageQuestion &question, const Plan &plan)
{
    std::vector<qint64> refs;
    const auto take = [&refs](std::span<const qint64> row) { refs.push_back(row.front()); };
    std::optional<std::vector<qint64>> among;
    if (plan.single && !plan.single->refs.empty()) {
        among = plan.single->refs;
    } else if (plan.single && isLarge(question.group)) {
        TRY(among,
            findSpendLeaders(m_database, question.group,
                             {question.bounds.front(), question.bounds.back()},
                             question.limit + 1));
    }
    if (plan.single && !among) {
        const CutRange range = CutRange::of({question.bounds.front(), question.bounds.back()});
        const QVariantList values{std::to_underlying(question.group),
                                  range.before.from,
                                  range.before.until,
                                  range.days.from,
                                  range.days.until,
                                  range.after.from,
                                  range.after.until,
                                  question.limit + 1,
                                  0};
        TRY_VOID(m_database.eachNumbers("rollups/select_groups"_L1, values, take));
        return refs;
    }
    const UsageSpans spans = UsageSpans::of({question.bounds.front(), question.bounds.back()});
    if (!plan.single) {
        return m_rows.dearest(plan.refs, question.group, spans, question.limit + 1);
    }
    const QVariantList values{std::to_underlying(question.group), refList(*among), spans.json(),
                              question.limit + 1};
    TRY_VOID(m_database.eachNumbers("rollups/select_dearest"_L1, values, take));
    return refs;
}

Result<void> UsageReports::addNames(const UsageQuestion &question, const std::vector<qint64> &refs,
                                    UsageReport &report)
{
    QHash<qint64, std::pair<QByteArray, QByteArray>> names;
    if (question.group == Dimension::Status) {
        for (const qint64 ref : refs) {
            names.insert(ref, {QByteArray::number(ref), {}});
        }
    } else {
        const QVariantList values{std::to_underlying(question.group), refList(refs)};
        TRY_VOID(m_database.each(
            "rollups/select_names"_L1, values, [&names, &question](const QSqlQuery &row) {
                RowReader reader(row);
                auto &[name, alias] = names[reader.number()];
                name = reader.text();
                name = question.group == Dimension::EndUser ? endUserOf(name) : name;
                alias = reader.text();
            }));
    }
    for (std::size_t i = 0; i < refs.size(); ++i) {
        std::tie(report.groups[i].name, report.groups[i].alias) = names.value(refs[i]);
    }
    return {};
}

/// Calls `take` with a ref, an hour and the sums that begin there; those of the one dimension if they can tell.
template <typename Take>
Result<void> UsageReports::eachSum(const Plan &plan, bool isSingle, Dimension dimension,
                                   const std::vector<qint64> &refs, const Take &take)
{
    const auto eachRow = [&take](std::span<const qint64> row) {
        take(row[0], row[1], totalsOf(row.subspan(2)));
    };
    if (isSingle) {
        const QVariantList values{std::to_underlying(dimension), refList(refs), plan.spans.json()};
        return m_database.eachNumbers("rollups/select_spans"_L1, values, eachRow);
    }
    return m_rows.steps(plan.refs, dimension, refs, plan.spans, eachRow);
}

Result<void> UsageReports::addAll(const UsageQuestion &question, const Plan &plan,
                                  UsageReport &report)
{
    const auto take = [&](qint64, qint64 hour, const SpendTotals &sum) {
        addStep(report.totals, report.steps, question, hour, sum);
    };
    const bool isAll = !plan.total || plan.total->refs.empty();
    return eachSum(plan, plan.total.has_value(), isAll ? Dimension::All : plan.total->dimension,
                   isAll ? std::vector<qint64>{0} : plan.total->refs, take);
}

Result<void> UsageReports::addGroups(const UsageQuestion &question, const Plan &plan,
                                     const std::vector<qint64> &refs, UsageReport &report)
{
    if (refs.empty()) {
        return {};
    }
    QHash<qint64, UsageGroup *> groups;
    for (std::size_t i = 0; i < refs.size(); ++i) {
        groups.insert(refs[i], &report.groups[i]);
    }
    return eachSum(plan, plan.single.has_value(), question.group, refs,
                   [&](qint64 ref, qint64 hour, const SpendTotals &sum) {
                       UsageGroup &group = *groups.value(ref);
                       addStep(group.totals, group.steps, question, hour, sum);
                   });
}

} // namespace delta::store

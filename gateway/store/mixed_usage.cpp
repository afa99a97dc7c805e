#include "gateway/store/mixed_usage.h"

#include "gateway/store/database.h"
#include "gateway/store/mix_table.h"
#include "gateway/store/roll_up_sums.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

bool isMixed(const UsageRefs::Filter &filter)
{
    return Mix::has(filter.dimension);
}

/// Returns the organisations to which a question is limited; nothing if it is not.
std::optional<std::vector<qint64>> organizationsOf(const UsageRefs &refs)
{
    for (const auto &filters : {refs.filters, refs.reach}) {
        const auto found = std::ranges::find(filters, Dimension::Organization,
                                             &UsageRefs::Filter::dimension);
        if (found != filters.end()) {
            return found->refs;
        }
    }
    return std::nullopt;
}

bool isChosen(const Mix &mix, const UsageRefs &refs)
{
    const auto has = [&mix](const UsageRefs::Filter &filter) {
        return std::ranges::contains(filter.refs, mix.refOf(filter.dimension));
    };
    return std::ranges::all_of(refs.filters, has)
        && (refs.reach.empty() || std::ranges::any_of(refs.reach, has));
}

using Groups = std::vector<std::pair<qint64, UsageGroup>>;

/// Puts the dearest groups into a report; returns their refs.
std::vector<qint64> takeDearest(Groups groups, const UsageQuestion &question, UsageReport &report)
{
    std::ranges::sort(groups, [](const auto &a, const auto &b) {
        return a.second.totals.spend != b.second.totals.spend
            ? a.second.totals.spend > b.second.totals.spend
            : a.first < b.first;
    });
    report.hasMore = std::ssize(groups) > question.limit;
    groups.resize(std::min<std::size_t>(groups.size(), static_cast<std::size_t>(question.limit)));
    std::vector<qint64> refs;
    for (auto &[ref, group] : groups) {
        refs.push_back(ref);
        report.groups.push_back(std::move(group));
    }
    return refs;
}

} // namespace

bool MixedUsage::tells(const UsageQuestion &question, const UsageRefs &refs)
{
    return (question.group == Dimension::All || Mix::has(question.group))
        && std::ranges::all_of(refs.filters, isMixed) && std::ranges::all_of(refs.reach, isMixed);
}

Result<std::vector<qint64>> MixedUsage::read(const UsageQuestion &question, const UsageRefs &refs,
                                             const UsageSpans &spans, UsageReport &report)
{
    TRY(auto mixes, MixTable(m_database).load(organizationsOf(refs)));
    std::erase_if(mixes, [&refs](const auto &each) { return !isChosen(each.second, refs); });
    std::vector<qint64> ids;
    for (const auto &[id, mix] : mixes) {
        ids.push_back(id);
    }
    const std::size_t steps = question.hasSteps ? question.bounds.size() - 1 : 0;
    const UsageGroup none{{}, {}, {}, std::vector<SpendTotals>(steps)};
    std::map<qint64, UsageGroup> groups;
    const auto take = [&](std::span<const qint64> row) {
        const SpendTotals sum = totalsOf(row.subspan(2));
        addStep(report.totals, report.steps, question, row[1], sum);
        const qint64 ref = mixes.at(row[0]).refOf(question.group);
        // Calls without a name make no group.
        if (question.group == Dimension::Status || ref != 0) {
            UsageGroup &group = groups.try_emplace(ref, none).first->second;
            addStep(group.totals, group.steps, question, row[1], sum);
        }
    };
    const QVariantList values{std::to_underlying(Dimension::Mix), refList(ids), spans.json()};
    TRY_VOID(m_database.eachNumbers("rollups/select_spans"_L1, values, take));
    return takeDearest(Groups(groups.begin(), groups.end()), question, report);
}

} // namespace delta::store

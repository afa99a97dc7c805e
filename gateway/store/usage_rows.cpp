#include "gateway/store/usage_rows.h"

#include "gateway/store/database.h"
#include "gateway/store/roll_up_sums.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <unordered_map>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

// Sums of days do not fit into 64 bits where each is at its end.
__extension__ using Wide = __int128;
using Spend = std::unordered_map<qint64, Wide>; ///< Nano-USD by ref.

constexpr std::size_t spendColumns = 2; ///< Ref and nano-USD.
constexpr std::size_t stepColumns = 16; ///< Ref, hour and fourteen sums.

void addRow(Spend &spend, std::span<const qint64> row)
{
    spend[row[0]] += row[1];
}

std::vector<qint64> firstOf(const Spend &spend, qint64 limit)
{
    std::vector<std::pair<Wide, qint64>> groups; // What sorts the dearest first, and ref.
    groups.reserve(spend.size());
    for (const auto &[ref, nanos] : spend) {
        groups.emplace_back(-nanos, ref);
    }
    const auto count = std::min(std::ssize(groups), static_cast<std::ptrdiff_t>(limit));
    std::ranges::partial_sort(groups, groups.begin() + count);
    std::vector<qint64> refs;
    for (const auto &[nanos, ref] : std::span(groups).first(static_cast<std::size_t>(count))) {
        refs.push_back(ref);
    }
    return refs;
}

template <std::size_t Columns>
void eachRow(std::span<const qint64> numbers, const auto &take)
{
    for (std::size_t at = 0; at + Columns <= numbers.size(); at += Columns) {
        take(numbers.subspan(at, Columns));
    }
}

} // namespace

Result<std::vector<qint64>> UsageRows::dearest(const UsageRefs &refs, Dimension group,
                                               const UsageSpans &spans, qint64 limit)
{
    Spend spend;
    TRY_VOID(each(
        spans,
        [&](const UsageSpans &part) { return usageSpend(refs, group, part, m_database.dialect()); },
        [this](const BoundStatement &statement) { return spendOfGroups(statement); },
        [&spend](const Numbers &numbers) {
            eachRow<spendColumns>(numbers,
                                  [&spend](std::span<const qint64> row) { addRow(spend, row); });
        }));
    return firstOf(spend, limit);
}

Result<void> UsageRows::steps(const UsageRefs &refs, Dimension group,
                              const std::vector<qint64> &only, const UsageSpans &spans,
                              const NumberReader &take)
{
    return each(
        spans,
        [&](const UsageSpans &part) {
            return usageSteps(refs, group, only, part, m_database.dialect());
        },
        [this](const BoundStatement &statement) { return allNumbers(statement); },
        [&take](const Numbers &numbers) { eachRow<stepColumns>(numbers, take); });
}

Result<void> UsageRows::each(const UsageSpans &spans,
                             const std::function<BoundStatement(const UsageSpans &part)> &made,
                             const Read &read,
                             const std::function<void(const Numbers &numbers)> &take)
{
    const auto [past, rest] = spans.splitAt(m_today);
    if (!past.isEmpty()) {
        const BoundStatement statement = made(past);
        TRY(const SpendTotals all, allOf(past)); // Before the rest, see PastSums::keep().
        if (const Numbers *const known = m_past.find(statement, all)) {
            take(*known);
        } else {
            TRY(Numbers numbers, read(statement));
            take(numbers);
            m_past.keep(statement, all, std::move(numbers));
        }
    }
    if (!rest.isEmpty()) {
        TRY(const Numbers numbers, read(made(rest)));
        take(numbers);
    }
    return {};
}

Result<UsageRows::Numbers> UsageRows::spendOfGroups(const BoundStatement &statement)
{
    Spend spend;
    TRY_VOID(m_database.eachComposedNumbers(
        statement.text, statement.values,
        [&spend](std::span<const qint64> row) { addRow(spend, row); }));
    Numbers numbers;
    numbers.reserve(spend.size() * spendColumns);
    for (const auto &[ref, nanos] : spend) {
        constexpr Wide most = std::numeric_limits<qint64>::max();
        numbers.push_back(ref);
        numbers.push_back(static_cast<qint64>(std::min(nanos, most)));
    }
    return numbers;
}

Result<UsageRows::Numbers> UsageRows::allNumbers(const BoundStatement &statement)
{
    Numbers numbers;
    TRY_VOID(m_database.eachComposedNumbers(
        statement.text, statement.values, [&numbers](std::span<const qint64> row) {
            numbers.insert(numbers.end(), row.begin(), row.end());
        }));
    return numbers;
}

/// Returns what all calls of some spans come to.
Result<SpendTotals> UsageRows::allOf(const UsageSpans &spans)
{
    const std::array<qint64, 1> everybody{0};
    const QVariantList values{std::to_underlying(Dimension::All), refList(everybody), spans.json()};
    SpendTotals all;
    TRY_VOID(m_database.eachNumbers(
        "rollups/select_spans"_L1, values,
        [&all](std::span<const qint64> row) { all += totalsOf(row.subspan(2)); }));
    return all;
}

} // namespace delta::store

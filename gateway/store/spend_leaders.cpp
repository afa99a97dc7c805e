#include "gateway/store/spend_leaders.h"

#include "gateway/store/database.h"

#include <QLatin1StringView>

#include <algorithm>
#include <functional>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 hoursOfDay = 24;
constexpr qint64 shortestList = 100;
/// So many rows are read at most: to read more would take as long as to add up all.
constexpr qint64 mostRows = 40'000;

Result<void> addDay(Database &database, Dimension dimension, qint64 day, SlotRange hours,
                    qint64 length, SpendLeaders &leaders)
{
    std::vector<SpendLeaders::Row> rows;
    TRY_VOID(database.eachNumbers(
        "rollups/select_leaders"_L1, {std::to_underlying(dimension), day, length},
        [&rows](std::span<const qint64> row) { rows.emplace_back(row[0], row[1]); }));
    const bool isWhole = day * hoursOfDay >= hours.from && (day + 1) * hoursOfDay <= hours.until;
    leaders.add(rows, isWhole ? SpendLeaders::Day::Whole : SpendLeaders::Day::Part,
                std::ssize(rows) < length ? SpendLeaders::List::Complete : SpendLeaders::List::Cut);
    return {};
}

} // namespace

void SpendLeaders::add(std::span<const Row> rows, Day day, List list)
{
    const qint64 last = list == List::Cut && !rows.empty() ? rows.back().second : 0;
    m_rest += last;
    m_isComplete = m_isComplete && list == List::Complete;
    for (const auto &[ref, spend] : rows) {
        Seen &seen = m_seen[ref];
        seen.atLeast += day == Day::Whole ? spend : 0;
        seen.beyondRest += spend - last;
    }
}

std::optional<std::vector<qint64>> SpendLeaders::candidates(std::size_t wanted) const
{
    std::vector<Wide> least;
    least.reserve(m_seen.size());
    for (const auto &[ref, seen] : m_seen) {
        least.push_back(seen.atLeast);
    }
    Wide bar = 0; // The last of the wanted spent this or more.
    if (wanted > 0 && least.size() >= wanted) {
        const auto last = least.begin() + static_cast<std::ptrdiff_t>(wanted - 1);
        std::nth_element(least.begin(), last, least.end(), std::greater());
        bar = *last;
    }
    if (!m_isComplete && m_rest >= bar) {
        return std::nullopt;
    }
    std::vector<qint64> refs;
    for (const auto &[ref, seen] : m_seen) {
        if (seen.beyondRest + m_rest >= bar) {
            refs.push_back(ref);
        }
    }
    return refs;
}

Result<std::optional<std::vector<qint64>>> findSpendLeaders(Database &database, Dimension dimension,
                                                            SlotRange hours, qint64 wanted)
{
    const qint64 first = hours.from / hoursOfDay;
    const qint64 last = (hours.until - 1) / hoursOfDay;
    for (qint64 length = std::max(shortestList, wanted * 4);
         length * (last - first + 1) <= mostRows; length *= 8) {
        SpendLeaders leaders;
        for (qint64 day = first; day <= last; ++day) {
            TRY_VOID(addDay(database, dimension, day, hours, length, leaders));
        }
        if (auto refs = leaders.candidates(static_cast<std::size_t>(wanted))) {
            return refs;
        }
    }
    return std::optional<std::vector<qint64>>();
}

} // namespace delta::store

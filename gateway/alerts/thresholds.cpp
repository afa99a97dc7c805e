#include "gateway/alerts/thresholds.h"

#include "gateway/alerts/budget_alert.h"

namespace delta::alerts {

namespace {

constexpr int whole = 100;
constexpr int nearlyWhole = 90;

/// Exact for all amounts: the product needs more than 64 bits.
bool isReached(Money spent, Money limit, int percentage)
{
    __extension__ using Wide = __int128;
    return Wide(spent.nanos()) * whole >= Wide(limit.nanos()) * percentage;
}

} // namespace

std::vector<Reached> reachedThresholds(const ports::BudgetStanding &standing,
                                       std::span<const int> percentages)
{
    std::vector<Reached> reached;
    if (standing.spent <= Money()) {
        return reached;
    }
    for (const int percentage : percentages) {
        const bool isUsedUp = percentage == whole && standing.refusesCalls;
        if (standing.limit
            && isReached(standing.spent, *standing.limit, isUsedUp ? nearlyWhole : percentage)) {
            reached.push_back({QString::number(percentage), *standing.limit});
        }
    }
    if (const auto soft = standing.budget.softBudget; soft && standing.spent >= *soft) {
        reached.push_back({QString(softThreshold), *soft});
    }
    return reached;
}

} // namespace delta::alerts

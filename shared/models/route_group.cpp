#include "shared/models/route_group.h"

#include "shared/models/text_rules.h"

#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr std::size_t mostMembers = 200;
constexpr qsizetype mostFallbacks = 20;
constexpr qint64 largestWeight = 1'000'000;
constexpr qint64 longestTimeoutMs = 24LL * 3600 * 1000;
constexpr qint64 mostRetries = 10;

/// A group that can answer nothing would only say so when somebody calls it.
Result<void> checkPool(const RouteGroup &group)
{
    const bool hasAny = std::ranges::any_of(group.members, &RouteMember::isEnabled);
    if (group.isEnabled && !hasAny) {
        return failure(ApiError::invalidRequest(
            u"'members' must have one that is enabled, or the group must not be."_s, u"members"_s));
    }
    const bool isShared = std::ranges::any_of(group.members, [](const RouteMember &member) {
        return member.isEnabled && member.weight.value_or(1) > 0;
    });
    if (hasAny && group.strategy == RoutingStrategy::Weighted && !isShared) {
        return failure(ApiError::invalidRequest(
            u"'members' must have one with a weight above 0 where 'strategy' is weighted."_s,
            u"members"_s));
    }
    return {};
}

Result<void> checkMembers(const std::vector<RouteMember> &members)
{
    if (members.size() > mostMembers) {
        return failure(ApiError::invalidRequest(
            u"'members' must have at most %1 elements."_s.arg(mostMembers), u"members"_s));
    }
    QSet<QString> known;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const QString path = u"members[%1]"_s.arg(i);
        const QString id = path + u".deployment_id"_s;
        TRY_VOID(checkRequired(members[i].deploymentId, id));
        TRY_VOID(checkRange(members[i].weight, 0, largestWeight, path + u".weight"_s));
        TRY_VOID(
            checkRange(members[i].priority, -largestWeight, largestWeight, path + u".priority"_s));
        if (known.contains(members[i].deploymentId)) {
            return failure(
                ApiError::invalidRequest(u"'%1' is in the group already."_s.arg(id), id));
        }
        known.insert(members[i].deploymentId);
    }
    return {};
}

Result<void> checkFallbacks(const RouteGroup &group)
{
    if (group.fallbacks.size() > mostFallbacks) {
        return failure(ApiError::invalidRequest(
            u"'fallbacks' must have at most %1 elements."_s.arg(mostFallbacks), u"fallbacks"_s));
    }
    for (qsizetype i = 0; i < group.fallbacks.size(); ++i) {
        const QString path = u"fallbacks[%1]"_s.arg(i);
        TRY_VOID(checkRequired(group.fallbacks[i], path));
        if (group.fallbacks[i] == group.name || group.fallbacks.indexOf(group.fallbacks[i]) < i) {
            return failure(ApiError::invalidRequest(
                u"'%1' must be another name than the group's own and those before."_s.arg(path),
                path));
        }
    }
    return {};
}

} // namespace

Result<void> RouteGroup::validate() const
{
    TRY_VOID(checkId(id, u"route_group_id"_s));
    TRY_VOID(checkRequired(name, u"name"_s));
    TRY_VOID(checkProse(description, u"description"_s));
    TRY_VOID(checkMembers(members));
    TRY_VOID(checkPool(*this));
    TRY_VOID(checkFallbacks(*this));
    TRY_VOID(checkRange(timeoutMs, 1, longestTimeoutMs, u"timeout_ms"_s));
    return checkRange(numRetries, 0, mostRetries, u"num_retries"_s);
}

} // namespace delta

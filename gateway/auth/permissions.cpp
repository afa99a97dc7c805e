#include "gateway/auth/permissions.h"

#include "shared/models/route_rules.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::auth {

namespace {

/// "all-team-models" of LiteLLM leaves it to the team, whose list is asked besides.
bool holds(const QByteArrayList &names, QByteArrayView model)
{
    return std::ranges::any_of(names, [model](QByteArrayView allowed) {
        return allowed == "*" || allowed == "all-proxy-models" || allowed == "all-team-models"
            || allowed == model;
    });
}

std::unexpected<ApiError> routeNotAllowed(const Principal &principal, QByteArrayView path)
{
    ApiError error = ApiError::permissionDenied(
        u"This API key may not call %1. It may call: %2."_s.arg(
            QString::fromUtf8(path),
            QString::fromUtf8(principal.key->terms->allowedRoutes.join(", "))));
    error.code = u"route_not_allowed"_s;
    return failure(std::move(error));
}

} // namespace

Result<Grant> Permissions::authorize(const Principal &principal, const QByteArray &model) const
{
    if (!allows(principal, model)) {
        return failure(ApiError::modelNotAllowed(QString::fromUtf8(model)));
    }
    return Grant(principal, model);
}

bool Permissions::allows(const Principal &principal, QByteArrayView model) const
{
    if (principal.kind == PrincipalKind::Master) {
        return true;
    }
    const auto isWithin = [model](const auto &ceiling) {
        return !ceiling || holds(*ceiling, model);
    };
    return principal.key
        && (principal.key->terms->models.isEmpty() || holds(principal.key->terms->models, model))
        && std::ranges::all_of(principal.ceilings, isWithin);
}

Result<void> Permissions::checkRoute(const Principal &principal, QByteArrayView path) const
{
    if (!principal.key || allowsRoute(principal.key->terms->allowedRoutes, path)) {
        return {};
    }
    return routeNotAllowed(principal, path);
}

Result<void> Permissions::checkAdminRoute(const Principal &principal, QByteArrayView path) const
{
    if (!principal.key || allowsAdminRoute(principal.key->terms->allowedRoutes, path)) {
        return {};
    }
    return routeNotAllowed(principal, path);
}

Result<void> Permissions::requireMaster(const Principal &principal) const
{
    if (principal.kind != PrincipalKind::Master) {
        return failure(ApiError::permissionDenied(u"Only the master key may do this."_s));
    }
    return {};
}

} // namespace delta::auth

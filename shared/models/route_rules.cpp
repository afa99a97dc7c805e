#include "shared/models/route_rules.h"

#include "shared/models/text_rules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr qsizetype mostRoutes = 100;
constexpr QByteArrayView version = "/v1";

bool isGroup(QByteArrayView route)
{
    return route == "llm_api_routes";
}

bool matches(QByteArrayView route, QByteArrayView path)
{
    if (isGroup(route)) {
        return true;
    }
    if (route.startsWith(version) && route.size() > version.size()
        && route[version.size()] == '/') {
        route = route.sliced(version.size());
    }
    return route.endsWith('*') ? path.startsWith(route.chopped(1)) : path == route;
}

} // namespace

Result<void> checkRoutes(const QStringList &routes, const QString &path)
{
    if (routes.size() > mostRoutes) {
        return failure(ApiError::invalidRequest(
            u"'%1' may name at most %2 routes."_s.arg(path).arg(mostRoutes), path));
    }
    for (qsizetype i = 0; i < routes.size(); ++i) {
        const QString element = u"%1[%2]"_s.arg(path).arg(i);
        TRY_VOID(checkText(routes[i], element));
        if (!routes[i].startsWith(u'/') && !isGroup(routes[i].toUtf8())) {
            return failure(ApiError::invalidRequest(
                u"'%1' must be a path such as \"/chat/completions\", which may end with \"*\", or \"llm_api_routes\"."_s
                    .arg(element),
                element));
        }
    }
    return {};
}

bool allowsRoute(const QByteArrayList &routes, QByteArrayView path)
{
    return routes.isEmpty() || std::ranges::any_of(routes, [path](QByteArrayView route) {
               return matches(route, path);
           });
}

bool allowsAdminRoute(const QByteArrayList &routes, QByteArrayView path)
{
    return routes.isEmpty() || std::ranges::any_of(routes, [path](QByteArrayView route) {
               return !isGroup(route) && matches(route, path);
           });
}

} // namespace delta

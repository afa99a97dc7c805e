#include "gateway/app/routes.h"

#include "gateway/admin/access/access_table.h"

#include <memory>
#include <stdexcept>
#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

using ports::HttpReply;
using ports::HttpRequest;
using ReplyPtr = std::unique_ptr<HttpReply>;

/// The routes in the making.
class RouteList
{
public:
    template <typename Handler>
    void add(const QByteArray &method, const QByteArray &path, Handler handler)
    {
        m_routes.push_back({method, path, std::move(handler)});
    }

    /// A route of the data plane, with and without its prefix.
    template <typename Handler>
    void versioned(const QByteArray &method, const QByteArray &path, const Handler &handler)
    {
        add(method, "/v1"_ba + path, handler);
        add(method, path, handler);
    }

    /// Throws if a route is there twice, or not in the table of access: that is a bug.
    [[nodiscard]] http::RouteTable build()
    {
        for (const http::Route &route : m_routes) {
            if (!admin::accessRow(route.method, route.pattern)) {
                throw std::logic_error("the table of access has no row for "
                                       + (route.method + ' ' + route.pattern).toStdString());
            }
        }
        auto table = http::RouteTable::build(std::move(m_routes));
        if (!table) {
            throw std::logic_error(table.error().toStdString());
        }
        return *std::move(table);
    }

private:
    std::vector<http::Route> m_routes;
};

void addDataPlane(RouteList &routes, const ServiceRouteParts &parts)
{
    using openai::Operation;
    for (const Operation operation :
         {Operation::ChatCompletion, Operation::Completion, Operation::Embedding}) {
        routes.versioned("POST"_ba, openai::operationPath(operation).toByteArray(),
                         [&pipeline = parts.pipeline,
                          operation](HttpRequest request, ReplyPtr reply, const QByteArrayList &) {
                             pipeline.start(operation, std::move(request), std::move(reply));
                         });
    }
    routes.versioned(
        "GET"_ba, "/models"_ba,
        [&models = parts.models](HttpRequest request, ReplyPtr reply, const QByteArrayList &) {
            models.list(std::move(request), std::move(reply));
        });
    routes.versioned(
        "GET"_ba, "/models/{id...}"_ba,
        [&models = parts.models](HttpRequest request, ReplyPtr reply, const QByteArrayList &ids) {
            models.show(std::move(request), ids.front(), std::move(reply));
        });
}

void addControlPlane(RouteList &routes, const ServiceRouteParts &parts)
{
    const auto add = [&routes](const QByteArray &method, const QByteArray &path, auto &api,
                               auto member) {
        routes.add(method, path,
                   [&api, member](HttpRequest request, ReplyPtr reply, const QByteArrayList &) {
                       (api.*member)(std::move(request), std::move(reply));
                   });
    };
    routes.add("POST"_ba, "/key/{key}/reset_spend"_ba,
               [&keys = parts.keys](const HttpRequest &request, ReplyPtr reply,
                                    const QByteArrayList &names) {
                   keys.resetSpend(request, std::move(reply), QString::fromUtf8(names.front()));
               });
    add("POST"_ba, "/budget/new"_ba, parts.budgets, &admin::BudgetApi::create);
    add("POST"_ba, "/budget/update"_ba, parts.budgets, &admin::BudgetApi::update);
    add("GET"_ba, "/budget/list"_ba, parts.budgets, &admin::BudgetApi::list);
    add("GET"_ba, "/budget/info"_ba, parts.budgets, &admin::BudgetApi::info);
    add("POST"_ba, "/budget/info"_ba, parts.budgets, &admin::BudgetApi::infoOfMany);
    add("POST"_ba, "/budget/reset"_ba, parts.budgets, &admin::BudgetApi::reset);
    add("GET"_ba, "/budget/resets"_ba, parts.budgets, &admin::BudgetApi::resets);
    add("POST"_ba, "/budget/delete"_ba, parts.budgets, &admin::BudgetApi::remove);
    add("POST"_ba, "/rate_limit/set"_ba, parts.rateLimits, &admin::RateLimitApi::set);
    add("GET"_ba, "/rate_limit/list"_ba, parts.rateLimits, &admin::RateLimitApi::list);
    add("GET"_ba, "/rate_limit/info"_ba, parts.rateLimits, &admin::RateLimitApi::info);
    add("POST"_ba, "/rate_limit/delete"_ba, parts.rateLimits, &admin::RateLimitApi::remove);
    routes.add(
        "GET"_ba, "/spend/logs"_ba,
        [&spend = parts.spend](const HttpRequest &request, ReplyPtr reply, const QByteArrayList &) {
            spend.logs(request, std::move(reply));
        });
    routes.add(
        "GET"_ba, "/spend/report"_ba,
        [&spend = parts.spend](const HttpRequest &request, ReplyPtr reply, const QByteArrayList &) {
            spend.report(request, std::move(reply));
        });
}

void addAdminApi(RouteList &routes, const ServiceRouteParts &parts)
{
    const auto loop = std::make_shared<const admin::AdminApi::Loop>(
        parts.background,
        [&pipeline = parts.pipeline](const admin::ModelErrand &errand, HttpRequest request,
                                     ReplyPtr reply) {
            pipeline.startFor({errand.principal, errand.deploymentId, errand.endpoint},
                              errand.operation, std::move(request), std::move(reply));
        },
        parts.timers, parts.isEnding);
    for (const admin::AdminRoute &route : parts.admin.routes()) {
        routes.add(route.method, route.pattern,
                   [&admin = parts.admin, loop, &route](HttpRequest request, ReplyPtr reply,
                                                        const QByteArrayList &path) {
                       admin.start(route, *loop, std::move(request), std::move(reply), path);
                   });
    }
}

} // namespace

bool isOperationPath(QByteArrayView path)
{
    return path == "/health" || path.startsWith("/health/") || path == "/metrics";
}

http::RouteTable makeOperationRoutes(const OperationParts &parts)
{
    RouteList routes;
    const auto health = [&routes, &api = parts.health](const QByteArray &path, auto member) {
        routes.add("GET"_ba, path,
                   [&api, member](const HttpRequest &, const ReplyPtr &reply,
                                  const QByteArrayList &) { (api.*member)(*reply); });
    };
    health("/health"_ba, &admin::HealthApi::health);
    health("/health/liveliness"_ba, &admin::HealthApi::liveliness);
    health("/health/readiness"_ba, &admin::HealthApi::readiness);
    routes.add("GET"_ba, "/metrics"_ba,
               [&metrics = parts.metrics](const HttpRequest &, const ReplyPtr &reply,
                                          const QByteArrayList &) {
                   reply->send(200,
                               {{"content-type"_ba, "text/plain; version=0.0.4; charset=utf-8"_ba}},
                               metrics.text());
               });
    return routes.build();
}

http::RouteTable makeServiceRoutes(const ServiceRouteParts &parts)
{
    RouteList routes;
    addDataPlane(routes, parts);
    addControlPlane(routes, parts);
    addAdminApi(routes, parts);
    return routes.build();
}

} // namespace delta::app

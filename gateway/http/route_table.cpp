#include "gateway/http/route_table.h"

#include "gateway/openai/error_body.h"

#include <algorithm>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::http {

namespace {

QString text(QByteArrayView bytes)
{
    return QString::fromLatin1(bytes);
}

template <typename Methods>
const RouteHandler *findMethod(const Methods &methods, QByteArrayView method)
{
    const auto found = std::ranges::find(
        methods, method, [](const auto &entry) { return QByteArrayView(entry.first); });
    return found == methods.end() ? nullptr : &found->second;
}

void sendError(ports::HttpReply &reply, const ApiError &error, ports::HeaderList headers)
{
    headers.emplace_back("content-type", "application/json");
    reply.send(error.status(), headers, openai::errorBody(error));
}

template <typename Methods>
QByteArray allowed(const Methods &methods)
{
    QByteArray names;
    for (const auto &[name, handler] : methods) {
        names += names.isEmpty() ? name : ", " + name;
        if (name == "GET" && !findMethod(methods, "HEAD")) {
            names += ", HEAD";
        }
    }
    return names;
}

} // namespace

std::expected<RouteTable, QString> RouteTable::build(std::vector<Route> routes)
{
    RouteTable table;
    for (Route &route : routes) {
        const auto place = table.m_paths.add(route.pattern);
        if (!place) {
            return std::unexpected(u"'%1' is not a path whose parameters are whole segments"_s.arg(
                QString::fromUtf8(route.pattern)));
        }
        table.m_methods.resize(std::max(table.m_methods.size(), *place + 1));
        Methods &methods = table.m_methods[*place];
        if (findMethod(methods, route.method)) {
            return std::unexpected(u"the route %1 %2 is there twice"_s.arg(
                QString::fromUtf8(route.method), QString::fromUtf8(route.pattern)));
        }
        methods.emplace_back(route.method, std::move(route.handler));
    }
    return table;
}

void RouteTable::serve(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) const
{
    std::optional<PathTree::Match> match = m_paths.find(request.path);
    if (!match) {
        sendError(*reply, ApiError::routeNotFound(text(request.method), text(request.path)), {});
        return;
    }
    const Methods &methods = m_methods[match->pattern];
    const RouteHandler *handler = findMethod(methods, request.method);
    if (!handler && request.method == "HEAD") {
        handler = findMethod(methods, "GET");
    }
    if (!handler) {
        const ApiError error = ApiError::methodNotAllowed(text(request.method), text(request.path));
        sendError(*reply, error, {{"allow", allowed(methods)}});
        return;
    }
    (*handler)(std::move(request), std::move(reply), std::move(match->parameters));
}

} // namespace delta::http

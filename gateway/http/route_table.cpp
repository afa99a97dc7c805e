#include "gateway/http/route_table.h"

#include "gateway/openai/error_body.h"

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace delta::http {

namespace {

std::string_view toView(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<std::size_t>(bytes.size())};
}

QString text(QByteArrayView bytes)
{
    return QString::fromLatin1(bytes);
}

/// Returns the size of the pattern up to its `{name}`; nothing if the pattern is malformed.
std::optional<qsizetype> prefixSize(QByteArrayView pattern)
{
    const qsizetype brace = pattern.indexOf('{');
    const bool isExact = brace < 0;
    if (!pattern.startsWith('/') || pattern.contains('?')) {
        return std::nullopt;
    }
    if (isExact) {
        return pattern.contains('}') ? std::nullopt : std::optional(pattern.size());
    }
    const bool isTrailing = pattern[brace - 1] == '/' && pattern.indexOf('}') == pattern.size() - 1
        && pattern.size() - brace > 2;
    return isTrailing ? std::optional(brace) : std::nullopt;
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
        const std::optional<qsizetype> size = prefixSize(route.pattern);
        if (!size) {
            return std::unexpected(
                u"'%1' is not a path with at most one {parameter} at its end"_s.arg(
                    QString::fromUtf8(route.pattern)));
        }
        const bool isExact = *size == route.pattern.size();
        Methods &methods = (isExact ? table.m_exact
                                    : table.m_prefixes)[route.pattern.first(*size).toStdString()];
        if (findMethod(methods, route.method)) {
            return std::unexpected(u"the route %1 %2 is there twice"_s.arg(
                QString::fromUtf8(route.method), QString::fromUtf8(route.pattern)));
        }
        methods.emplace_back(route.method, std::move(route.handler));
        if (!isExact) {
            table.m_prefixSizes.push_back(*size);
        }
    }
    std::ranges::sort(table.m_prefixSizes, std::ranges::greater());
    const auto doubles = std::ranges::unique(table.m_prefixSizes);
    table.m_prefixSizes.erase(doubles.begin(), doubles.end());
    return table;
}

void RouteTable::serve(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) const
{
    const Match match = find(request.path);
    if (!match.methods) {
        sendError(*reply, ApiError::routeNotFound(text(request.method), text(request.path)), {});
        return;
    }
    const RouteHandler *handler = findMethod(*match.methods, request.method);
    if (!handler && request.method == "HEAD") {
        handler = findMethod(*match.methods, "GET");
    }
    if (!handler) {
        const ApiError error = ApiError::methodNotAllowed(text(request.method), text(request.path));
        sendError(*reply, error, {{"allow", allowed(*match.methods)}});
        return;
    }
    QByteArray parameter = QByteArray::fromPercentEncoding(match.parameter.toByteArray());
    (*handler)(std::move(request), std::move(reply), std::move(parameter));
}

RouteTable::Match RouteTable::find(QByteArrayView path) const
{
    if (const auto exact = m_exact.find(toView(path)); exact != m_exact.end()) {
        return {&exact->second, {}};
    }
    for (const qsizetype size : m_prefixSizes) {
        if (size >= path.size() || path[size - 1] != '/') {
            continue;
        }
        if (const auto found = m_prefixes.find(toView(path.first(size)));
            found != m_prefixes.end()) {
            return {&found->second, path.sliced(size)};
        }
    }
    return {};
}

} // namespace delta::http

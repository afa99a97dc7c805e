#include "gateway/http/route_table.h"

#include "gateway/openai/error_body.h"

#include <algorithm>
#include <optional>
#include <string>

using namespace Qt::StringLiterals;

namespace delta::http {

namespace {

std::string_view toView(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<std::size_t>(bytes.size())};
}

std::string joined(QByteArrayView first, QByteArrayView second)
{
    return std::string(toView(first)).append(toView(second));
}

QString text(QByteArrayView bytes)
{
    return QString::fromLatin1(bytes);
}

/// A pattern around its `{name}`.
struct PatternParts {
    QByteArrayView prefix;
    QByteArrayView suffix; ///< Behind the parameter; empty: nothing is.
    bool isExact = true;   ///< There is no parameter.
};

/// Returns nothing if the pattern is malformed.
std::optional<PatternParts> partsOf(QByteArrayView pattern)
{
    const qsizetype open = pattern.indexOf('{');
    const qsizetype close = pattern.indexOf('}');
    if (!pattern.startsWith('/') || pattern.contains('?')) {
        return std::nullopt;
    }
    if (open < 0) {
        return close < 0 ? std::optional(PatternParts{pattern, {}, true}) : std::nullopt;
    }
    if (pattern[open - 1] != '/' || close < open + 2) {
        return std::nullopt;
    }
    const QByteArrayView suffix = pattern.sliced(close + 1);
    const bool isOneName = suffix.size() > 1 && suffix.lastIndexOf('/') == 0
        && !suffix.contains('{') && !suffix.contains('}');
    return suffix.isEmpty() || isOneName
        ? std::optional(PatternParts{pattern.first(open), suffix, false})
        : std::nullopt;
}

/// Sorts sizes from the longest, each once.
void tidy(std::vector<qsizetype> &sizes)
{
    std::ranges::sort(sizes, std::ranges::greater());
    const auto doubles = std::ranges::unique(sizes);
    sizes.erase(doubles.begin(), doubles.end());
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
        const std::optional<PatternParts> parts = partsOf(route.pattern);
        if (!parts) {
            return std::unexpected(
                u"'%1' is not a path with at most one {parameter}, and one name behind it"_s.arg(
                    QString::fromUtf8(route.pattern)));
        }
        const qsizetype size = parts->prefix.size();
        const std::string key = joined(parts->prefix, parts->suffix);
        Paths &paths = parts->isExact ? table.m_exact
            : parts->suffix.isEmpty() ? table.m_prefixes
                                      : table.m_named;
        Methods &methods = paths[key];
        if (findMethod(methods, route.method)) {
            return std::unexpected(u"the route %1 %2 is there twice"_s.arg(
                QString::fromUtf8(route.method), QString::fromUtf8(route.pattern)));
        }
        if (!parts->isExact) {
            (parts->suffix.isEmpty() ? table.m_prefixSizes : table.m_namedSizes).push_back(size);
        }
        methods.emplace_back(route.method, std::move(route.handler));
    }
    tidy(table.m_prefixSizes);
    tidy(table.m_namedSizes);
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
    if (const Match named = findNamed(path); named.methods) {
        return named;
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

/// Looks for a pattern with a name behind its parameter; that is the last of the path.
RouteTable::Match RouteTable::findNamed(QByteArrayView path) const
{
    const qsizetype end = path.lastIndexOf('/');
    for (const qsizetype size : m_namedSizes) {
        if (size >= end || path[size - 1] != '/') {
            continue;
        }
        const std::string key = joined(path.first(size), path.sliced(end));
        if (const auto found = m_named.find(key); found != m_named.end()) {
            return {&found->second, path.sliced(size, end - size)};
        }
    }
    return {};
}

} // namespace delta::http

#pragma once

#include "gateway/ports/http_request.h"

#include <QByteArray>
#include <QString>

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace delta::http {

/// Answers a request of one route. `parameter` is what stood in the place of the pattern's
/// `{name}`, percent-decoded and not empty; it is empty for a pattern without one.
using RouteHandler = std::function<void(ports::HttpRequest, std::unique_ptr<ports::HttpReply>,
                                        QByteArray parameter)>;

/// One row of the route table.
struct Route {
    QByteArray method;
    /// "/v1/models"; or "/v1/models/{id}", whose parameter is the rest of the path, slashes too; or
    /// "/key/{key}/reset_spend", with one more name behind it.
    QByteArray pattern;
    RouteHandler handler;
};

/// The routes of the gateway. Looking one up costs the same for ten routes and for ten thousand.
/// An exact path goes before a pattern, one with a name behind its parameter before one without, a longer
/// pattern before a shorter one, and HEAD falls back to GET.
/// Immutable: one table serves all threads.
class RouteTable final
{
public:
    /// Errors: a text naming a pattern that is no path, or a route that is there twice.
    [[nodiscard]] static std::expected<RouteTable, QString> build(std::vector<Route> routes);

    /// Hands the request to its route, or answers 404 or 405 itself.
    void serve(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>()(text);
        }
    };
    using Methods = std::vector<std::pair<QByteArray, RouteHandler>>;
    using Paths = std::unordered_map<std::string, Methods, Hash, std::equal_to<>>;
    struct Match {
        const Methods *methods = nullptr;
        QByteArrayView parameter;
    };

    [[nodiscard]] Match find(QByteArrayView path) const;

    [[nodiscard]] Match findNamed(QByteArrayView path) const;

    Paths m_exact;    ///< By path.
    Paths m_prefixes; ///< By the pattern up to its parameter, e.g. "/v1/models/".
    std::vector<qsizetype> m_prefixSizes; ///< The different sizes of these, longest first.
    Paths m_named; ///< By the pattern without its parameter, e.g. "/key//reset_spend".
    std::vector<qsizetype>
        m_namedSizes; ///< The different sizes up to the parameter, longest first.
};

} // namespace delta::http

#pragma once

#include "gateway/http/path_tree.h"
#include "gateway/ports/http_request.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <expected>
#include <functional>
#include <memory>
#include <vector>

namespace delta::http {

/// Answers a request of one route. `parameters` are what stood in the places of the pattern's `{name}`s, in
/// order, percent-decoded and none of them empty.
using RouteHandler = std::function<void(ports::HttpRequest, std::unique_ptr<ports::HttpReply>,
                                        QByteArrayList parameters)>;

/// One row of the route table.
struct Route {
    QByteArray method;
    QByteArray pattern; ///< See PathTree.
    RouteHandler handler;
};

/// The routes of the gateway. Looking one up costs the same for ten routes and for ten thousand. HEAD falls
/// back to GET. Immutable: one table serves all threads.
class RouteTable final
{
public:
    /// Errors: a text naming a pattern that is no path, or a route that is there twice.
    [[nodiscard]] static std::expected<RouteTable, QString> build(std::vector<Route> routes);

    /// Hands the request to its route, or answers 404 or 405 itself.
    void serve(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) const;

private:
    using Methods = std::vector<std::pair<QByteArray, RouteHandler>>;

    PathTree m_paths;               ///< Gives places in the next.
    std::vector<Methods> m_methods; ///< Of each pattern.
};

} // namespace delta::http

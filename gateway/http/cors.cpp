#include "gateway/http/cors.h"

namespace delta::http {

bool isPreflight(const ports::HttpRequest &request)
{
    return request.method == "OPTIONS" && request.header("origin")
        && request.header("access-control-request-method");
}

void sendPreflight(const ports::HttpRequest &request, ports::HttpReply &reply)
{
    // The wildcard does not cover Authorization, so what the browser asks for is granted by name.
    const QByteArrayView wanted =
        request.header("access-control-request-headers").value_or(QByteArrayView());
    ports::HeaderList headers{
        {"access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE"},
        {"access-control-max-age", "600"},
    };
    if (!wanted.isEmpty()) {
        headers.emplace_back("access-control-allow-headers", wanted.toByteArray());
    }
    reply.send(204, headers, {});
}

} // namespace delta::http

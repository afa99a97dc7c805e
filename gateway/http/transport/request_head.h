#pragma once

#include "gateway/http/transport/refusal.h"
#include "gateway/ports/http_request.h"

#include <QtTypes>

#include <expected>

namespace delta::http {

/// What a request's head says about the rest of the message and about its connection.
struct HeadFacts {
    qint64 contentLength = 0; ///< Zero without a Content-Length too.
    bool isChunked = false;
    bool isHttp10 = false;
    bool isHead = false; ///< The method is HEAD: the reply has no body.
    bool expectsContinue = false;

    [[nodiscard]] bool hasBody() const
    {
        return isChunked || contentLength > 0;
    }
};

/// Splits `request.head`, a complete head that llhttp accepted, into the request's views, and makes
/// the checks that llhttp leaves to others: what smuggles requests past a proxy, and what we do not
/// serve.
/// Source: RFC 9112 §3.2 (target and Host), §6 (framing), §7.8 of RFC 9110 (Upgrade), §10.1.1
/// (Expect).
[[nodiscard]] std::expected<HeadFacts, Refusal> readHead(ports::HttpRequest &request);

} // namespace delta::http

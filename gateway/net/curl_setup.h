#pragma once

#include "gateway/net/upstream_settings.h"
#include "gateway/ports/upstream_client.h"

#include <curl/curl.h>

#include <memory>

namespace delta::net {

/// Frees a list of libcurl.
struct CurlListFreer {
    void operator()(curl_slist *list) const
    {
        curl_slist_free_all(list);
    }
};
using CurlList = std::unique_ptr<curl_slist, CurlListFreer>;

/// Tells a fresh easy handle how to connect to an origin.
void setUpConnection(CURL *handle, const ports::Origin &origin, const UpstreamSettings &settings);

/// Tells a fresh easy handle what to send; a body comes from its read callback. Returns the header
/// fields, which must live as long as the handle works on the request.
[[nodiscard]] CurlList setUpRequest(CURL *handle, const ports::UpstreamRequest &request);

/// Translates libcurl's failure. `message` is libcurl's text, for the log.
[[nodiscard]] ports::UpstreamError describeFailure(CURLcode result, const char *message);

} // namespace delta::net

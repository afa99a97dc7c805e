#include "gateway/net/curl_client.h"

#include "gateway/net/curl_exchange.h"

#include <utility>

namespace delta::net {

CurlClient::CurlClient(EventLoop &loop, const UpstreamSettings &settings)
    : m_settings(settings)
    , m_multi(loop, m_settings)
{
}

CurlClient::~CurlClient() = default;

std::unique_ptr<ports::UpstreamExchange> CurlClient::send(ports::UpstreamRequest request,
                                                          ports::UpstreamSink &sink)
{
    return std::make_unique<CurlExchange>(m_multi, m_settings, std::move(request), sink);
}

} // namespace delta::net

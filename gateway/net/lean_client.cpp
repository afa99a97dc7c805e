#include "gateway/net/lean_client.h"

#include "gateway/net/lean_exchange.h"

#include <algorithm>
#include <utility>

namespace delta::net {

namespace {

constexpr std::size_t scratchSize = 64 * 1024;

} // namespace

LeanClient::LeanClient(const Parts &parts, const UpstreamSettings &settings)
    : m_parts(parts)
    , m_settings(settings)
    , m_scratch(scratchSize)
{
}

LeanClient::~LeanClient() = default;

std::unique_ptr<ports::UpstreamExchange> LeanClient::send(ports::UpstreamRequest request,
                                                          ports::UpstreamSink &sink)
{
    LeanPool &pool = poolOf(request.origin);
    auto exchange = std::make_unique<LeanExchange>(pool, std::move(request), sink);
    exchange->begin();
    return exchange;
}

LeanPool &LeanClient::poolOf(const ports::Origin &origin)
{
    const auto found = std::ranges::find_if(
        m_pools, [&origin](const auto &pool) { return pool->origin() == origin; });
    if (found != m_pools.end()) {
        return **found;
    }
    const LeanPool::Parts parts{m_parts.loop, m_parts.resolver, m_parts.tls, m_settings, m_scratch};
    return *m_pools.emplace_back(std::make_unique<LeanPool>(parts, origin));
}

} // namespace delta::net

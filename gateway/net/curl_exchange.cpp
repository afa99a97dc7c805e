#include "gateway/net/curl_exchange.h"

#include "gateway/net/curl_multi.h"
#include "gateway/net/curl_transfer.h"

#include <memory>
#include <utility>

namespace delta::net {

CurlExchange::CurlExchange(CurlMulti &multi, const UpstreamSettings &settings,
                           ports::UpstreamRequest request, ports::UpstreamSink &sink)
    : m_multi(multi)
{
    auto transfer = std::make_unique<CurlTransfer>(
        CurlTransfer::Parts{multi, settings, *this, sink}, std::move(request));
    m_transfer = transfer.get();
    multi.start(std::move(transfer));
}

CurlExchange::~CurlExchange()
{
    if (m_transfer) {
        m_transfer->abandon();
        m_multi.drop(*m_transfer);
    }
}

void CurlExchange::pause()
{
    if (m_transfer) {
        m_transfer->pause();
    }
}

void CurlExchange::resume()
{
    if (m_transfer) {
        m_transfer->resume();
    }
}

bool CurlExchange::hasBegunToSend() const
{
    return m_transfer ? m_transfer->hasBegunToSend() : m_hadBegunToSend;
}

void CurlExchange::noteOver()
{
    m_hadBegunToSend = m_transfer->hasBegunToSend();
    m_transfer = nullptr;
}

} // namespace delta::net

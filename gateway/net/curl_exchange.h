#pragma once

#include "gateway/ports/upstream_client.h"

namespace delta::net {

class CurlMulti;
class CurlTransfer;
struct UpstreamSettings;

/// The caller's end of a transfer by libcurl.
class CurlExchange final : public ports::UpstreamExchange
{
public:
    CurlExchange(CurlMulti &multi, const UpstreamSettings &settings, ports::UpstreamRequest request,
                 ports::UpstreamSink &sink);
    ~CurlExchange() override;
    CurlExchange(const CurlExchange &) = delete;
    CurlExchange &operator=(const CurlExchange &) = delete;

    void pause() override;
    void resume() override;
    [[nodiscard]] bool hasBegunToSend() const override;

    /// The transfer is over and about to tell the sink.
    void noteOver();

private:
    CurlMulti &m_multi;
    CurlTransfer *m_transfer = nullptr; ///< Null once it is over.
    bool m_hadBegunToSend = false;      ///< Of a transfer that is over.
};

} // namespace delta::net

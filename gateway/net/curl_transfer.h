#pragma once

#include "gateway/net/curl_head.h"
#include "gateway/net/curl_setup.h"
#include "gateway/net/exchange_clock.h"
#include "gateway/net/output_queue.h"
#include "gateway/ports/upstream_client.h"

#include <curl/curl.h>

#include <array>
#include <optional>

namespace delta::net {

class CurlExchange;
class CurlMulti;

/// One request on its way through libcurl: receives libcurl's callbacks, and tells the sink.
/// Belongs to the CurlMulti, because libcurl may still be running in it when the caller has lost
/// interest.
class CurlTransfer
{
public:
    struct Parts {
        CurlMulti &multi;
        const UpstreamSettings &settings;
        CurlExchange &exchange;
        ports::UpstreamSink &sink;
    };

    CurlTransfer(const Parts &parts, ports::UpstreamRequest request);
    ~CurlTransfer();
    CurlTransfer(const CurlTransfer &) = delete;
    CurlTransfer &operator=(const CurlTransfer &) = delete;

    [[nodiscard]] CURL *handle() const
    {
        return m_handle;
    }
    /// Says whether the request must not be sent. Its sink hears so from the clock.
    [[nodiscard]] bool isRefused() const
    {
        return m_clock.phase() == ExchangeClock::Phase::Refused;
    }
    [[nodiscard]] bool hasBegunToSend() const
    {
        return m_clock.hasBegunToSend();
    }
    /// Stops reading before the next piece of the body.
    void pause();
    void resume();
    /// Nobody wants to know any more: neither exchange nor sink is touched again.
    void abandon();
    [[nodiscard]] bool isPaused() const
    {
        return m_clock.isPaused();
    }
    /// Takes libcurl's result. Returns false if the sink wants nothing now: then the result waits,
    /// and after resume() the CurlMulti is asked to finish().
    [[nodiscard]] bool settle(CURLcode result);
    /// Tells the sink how it ended.
    void finish();

private:
    class Callbacks;

    void setUpCallbacks();
    /// libcurl has begun to work on it.
    void leaveQueue();
    void fail(const ports::UpstreamError &error);

    CurlMulti &m_multi;
    CurlExchange *m_exchange;    ///< Null once abandoned.
    ports::UpstreamSink *m_sink; ///< Null once abandoned.
    ports::UpstreamRequest m_request;
    CURL *m_handle;
    CurlList m_fields;
    OutputQueue m_output;
    CurlHead m_head;
    bool m_isHeld = false;            ///< libcurl waits for unpause().
    std::optional<CURLcode> m_result; ///< libcurl is done with it.
    std::array<char, CURL_ERROR_SIZE> m_message{};
    ExchangeClock m_clock;
};

} // namespace delta::net

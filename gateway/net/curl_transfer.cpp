#include "gateway/net/curl_transfer.h"

#include "gateway/net/curl_exchange.h"
#include "gateway/net/curl_multi.h"
#include "gateway/net/event_loop.h"
#include "gateway/net/request_head.h"

#include <sys/socket.h>

#include <utility>

namespace delta::net {

using Phase = ExchangeClock::Phase;

/// libcurl's callbacks. They are free functions to it; being a member class they reach the
/// transfer.
class CurlTransfer::Callbacks
{
public:
    static size_t onHeadLine(char *line, size_t, size_t size, void *self)
    {
        CurlTransfer &transfer = *static_cast<CurlTransfer *>(self);
        if (!transfer.m_sink) {
            return 0;
        }
        long status = 0;
        curl_easy_getinfo(transfer.m_handle, CURLINFO_RESPONSE_CODE, &status);
        switch (transfer.m_head.addLine({line, static_cast<qsizetype>(size)},
                                        static_cast<int>(status))) {
        case CurlHead::Outcome::Incomplete:
            return size;
        case CurlHead::Outcome::Invalid:
            return 0;
        case CurlHead::Outcome::Complete:
            break;
        }
        transfer.m_clock.enter(Phase::ReadingBody);
        transfer.m_sink->onHead(transfer.m_head.take());
        return transfer.m_sink ? size : 0;
    }

    static size_t onBody(char *piece, size_t, size_t size, void *self)
    {
        CurlTransfer &transfer = *static_cast<CurlTransfer *>(self);
        if (!transfer.m_sink) {
            return CURL_WRITEFUNC_ERROR;
        }
        if (transfer.m_clock.isPaused()) {
            transfer.m_isHeld = true;
            return CURL_WRITEFUNC_PAUSE;
        }
        transfer.m_clock.touch();
        transfer.m_sink->onBody({piece, static_cast<qsizetype>(size)});
        return size;
    }

    static size_t onWantBody(char *buffer, size_t, size_t size, void *self)
    {
        CurlTransfer &transfer = *static_cast<CurlTransfer *>(self);
        if (!transfer.m_sink) {
            return CURL_READFUNC_ABORT;
        }
        const qsizetype copied = transfer.m_output.copyTo({buffer, size});
        transfer.m_output.advance(copied);
        if (transfer.m_clock.phase() != Phase::ReadingBody) {
            transfer.m_clock.enter(transfer.m_output.isEmpty() ? Phase::AwaitingHead
                                                               : Phase::Sending);
        }
        return static_cast<size_t>(copied);
    }

    /// libcurl wants to send the request once more, because a pooled connection was closed. Unless
    /// nothing of the body has left, only the provider knows whether it has begun to work on it.
    static int onRewind(void *self, curl_off_t, int)
    {
        const CurlTransfer &transfer = *static_cast<CurlTransfer *>(self);
        return transfer.m_output.isUntouched() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
    }

    static int onReady(void *self, char *, char *, int, int)
    {
        CurlTransfer &transfer = *static_cast<CurlTransfer *>(self);
        transfer.m_clock.enter(transfer.m_output.isEmpty() ? Phase::AwaitingHead : Phase::Sending);
        return CURL_PREREQFUNC_OK;
    }

    static int onResolve(void *, void *, void *self)
    {
        static_cast<CurlTransfer *>(self)->leaveQueue();
        return 0;
    }

    static curl_socket_t onOpenSocket(void *self, curlsocktype, curl_sockaddr *address)
    {
        static_cast<CurlTransfer *>(self)->leaveQueue();
        return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }
};

CurlTransfer::CurlTransfer(const Parts &parts, ports::UpstreamRequest request)
    : m_multi(parts.multi)
    , m_exchange(&parts.exchange)
    , m_sink(&parts.sink)
    , m_request(std::move(request))
    , m_handle(parts.multi.takeHandle())
    , m_head(parts.settings.maxHeadBytes,
             m_request.origin.scheme == ports::Scheme::Https ? CurlHead::Http2::Possible
                                                             : CurlHead::Http2::Impossible)
    , m_clock(parts.multi.loop().timers(), m_request.timeouts, parts.settings.poolTimeout,
              [this](const ports::UpstreamError &error) { fail(error); })
{
    if (const auto problem = requestProblem(m_request)) {
        m_clock.refuse(*problem);
        return;
    }
    setUpConnection(m_handle, m_request.origin, parts.settings);
    m_fields = setUpRequest(m_handle, m_request);
    m_output.set({}, m_request.body);
    setUpCallbacks();
    m_clock.start();
    m_clock.enter(Phase::Queued);
}

CurlTransfer::~CurlTransfer() = default;

void CurlTransfer::setUpCallbacks()
{
    curl_easy_setopt(m_handle, CURLOPT_ERRORBUFFER, m_message.data());
    curl_easy_setopt(m_handle, CURLOPT_HEADERFUNCTION, &Callbacks::onHeadLine);
    curl_easy_setopt(m_handle, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(m_handle, CURLOPT_WRITEFUNCTION, &Callbacks::onBody);
    curl_easy_setopt(m_handle, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(m_handle, CURLOPT_READFUNCTION, &Callbacks::onWantBody);
    curl_easy_setopt(m_handle, CURLOPT_READDATA, this);
    curl_easy_setopt(m_handle, CURLOPT_SEEKFUNCTION, &Callbacks::onRewind);
    curl_easy_setopt(m_handle, CURLOPT_SEEKDATA, this);
    curl_easy_setopt(m_handle, CURLOPT_PREREQFUNCTION, &Callbacks::onReady);
    curl_easy_setopt(m_handle, CURLOPT_PREREQDATA, this);
    curl_easy_setopt(m_handle, CURLOPT_RESOLVER_START_FUNCTION, &Callbacks::onResolve);
    curl_easy_setopt(m_handle, CURLOPT_RESOLVER_START_DATA, this);
    curl_easy_setopt(m_handle, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::onOpenSocket);
    curl_easy_setopt(m_handle, CURLOPT_OPENSOCKETDATA, this);
}

void CurlTransfer::leaveQueue()
{
    if (m_clock.phase() == Phase::Queued) {
        m_clock.enter(Phase::Connecting);
    }
}

void CurlTransfer::pause()
{
    m_clock.pause();
}

void CurlTransfer::resume()
{
    m_clock.resume();
    if (m_result) {
        m_multi.finishLater(*this);
    } else if (std::exchange(m_isHeld, false)) {
        m_multi.unpause(*this);
    }
}

void CurlTransfer::abandon()
{
    m_clock.stop();
    m_exchange = nullptr;
    m_sink = nullptr;
}

bool CurlTransfer::settle(CURLcode result)
{
    m_result = result;
    return !m_sink || !m_clock.isPaused();
}

void CurlTransfer::finish()
{
    m_clock.stop();
    if (!m_sink) {
        return;
    }
    m_exchange->noteOver();
    if (!m_head.problem().isEmpty()) {
        m_sink->onError({ports::UpstreamFault::Protocol, m_head.problem()});
    } else if (*m_result == CURLE_OK && m_head.isComplete()) {
        m_sink->onEnd();
    } else {
        m_sink->onError(describeFailure(*m_result, m_message.data()));
    }
}

void CurlTransfer::fail(const ports::UpstreamError &error)
{
    CurlExchange &exchange = *m_exchange;
    ports::UpstreamSink &sink = *m_sink;
    abandon();
    exchange.noteOver();
    m_multi.drop(*this); // This object is gone from here on.
    sink.onError(error);
}

} // namespace delta::net

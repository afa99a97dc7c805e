#pragma once

#include "gateway/net/timer_wheel.h"
#include "gateway/net/upstream_settings.h"

#include <curl/curl.h>

#include <memory>
#include <unordered_map>
#include <vector>

namespace delta::net {

class CurlTransfer;
class EventLoop;

/// Turns libcurl's multi interface on an event loop, and owns the transfers. libcurl forbids most
/// calls from inside its callbacks; what is asked for there is done when it has returned.
class CurlMulti
{
public:
    /// Both must outlive the object.
    CurlMulti(EventLoop &loop, const UpstreamSettings &settings);
    ~CurlMulti();
    CurlMulti(const CurlMulti &) = delete;
    CurlMulti &operator=(const CurlMulti &) = delete;

    [[nodiscard]] EventLoop &loop() const
    {
        return m_loop;
    }
    /// Returns an easy handle with default options, a used one if there is any.
    [[nodiscard]] CURL *takeHandle();
    /// Takes over a transfer and starts it.
    void start(std::unique_ptr<CurlTransfer> transfer);
    /// Ends and destroys a transfer: now, or when libcurl has returned.
    void drop(CurlTransfer &transfer);
    /// Lets a transfer go on that has paused itself. Nothing is delivered from inside of this call.
    void unpause(CurlTransfer &transfer);
    /// Finishes a transfer whose result has waited, in the next turn.
    void finishLater(CurlTransfer &transfer);

private:
    class Socket;
    struct MultiFreer {
        void operator()(CURLM *multi) const;
    };

    static int onSocket(CURL *easy, curl_socket_t fd, int what, void *self, void *socket);
    static int onTimer(CURLM *multi, long milliseconds, void *self);

    void watch(curl_socket_t fd, int what);
    void kickLater();
    void kick();
    void act(curl_socket_t fd, int events);
    void settle();
    void finish(CURL *handle);
    std::unique_ptr<CurlTransfer> release(CURL *handle);
    void keepSpare(CURL *handle);

    EventLoop &m_loop;
    std::unique_ptr<CURLM, MultiFreer> m_multi;
    Timer m_timer;
    std::unordered_map<curl_socket_t, std::unique_ptr<Socket>> m_sockets;
    bool m_isInside = false; ///< libcurl is on the stack.
    bool m_isKickPosted = false;
    std::vector<curl_socket_t> m_unwatched; ///< To be reported as broken in the next turn.
    std::unordered_map<CURL *, std::unique_ptr<CurlTransfer>> m_transfers;
    std::vector<CURL *> m_starting;      ///< To be added when libcurl has returned.
    std::vector<CURL *> m_dropped;       ///< To be removed when libcurl has returned.
    std::vector<CURL *> m_unpaused;      ///< To be let go on in the next turn.
    std::vector<CURL *> m_finishing;     ///< To be finished in the next turn, unless paused again.
    std::vector<CURL *> m_spares;        ///< Easy handles for reuse.
    std::shared_ptr<CurlMulti *> m_self; ///< What posted work holds, weakly: it may outlive us.
};

} // namespace delta::net

#include "gateway/net/curl_multi.h"

#include "gateway/net/curl_transfer.h"
#include "gateway/net/event_loop.h"
#include "gateway/net/fd_watch.h"

#include <sys/socket.h>

#include <algorithm>
#include <new>
#include <utility>

namespace delta::net {

namespace {

/// More spare handles than this are not kept after a burst; each weighs some kilobytes.
constexpr std::size_t maxSpares = 256;

std::uint32_t epollMask(int what)
{
    return ((what & CURL_POLL_IN) != 0 ? std::uint32_t(EPOLLIN) : 0U)
        | ((what & CURL_POLL_OUT) != 0 ? std::uint32_t(EPOLLOUT) : 0U);
}

int curlMask(std::uint32_t events)
{
    return ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 ? CURL_CSELECT_IN : 0)
        | ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0)
        | ((events & EPOLLERR) != 0 ? CURL_CSELECT_ERR : 0);
}

} // namespace

/// One of libcurl's sockets in the loop.
class CurlMulti::Socket final : public FdHandler
{
public:
    Socket(CurlMulti &multi, curl_socket_t fd)
        : m_multi(multi)
        , m_fd(fd)
        , m_watch(multi.m_loop, *this)
    {
    }

    [[nodiscard]] bool watch(std::uint32_t events)
    {
        return m_watch.set(m_fd, events);
    }
    void onEvents(std::uint32_t events) override
    {
        m_multi.act(m_fd, curlMask(events)); // It may destroy this socket.
    }

private:
    CurlMulti &m_multi;
    curl_socket_t m_fd;
    FdWatch m_watch;
};

void CurlMulti::MultiFreer::operator()(CURLM *multi) const
{
    curl_multi_cleanup(multi);
}

CurlMulti::CurlMulti(EventLoop &loop, const UpstreamSettings &settings)
    : m_loop(loop)
    , m_multi(curl_multi_init())
    , m_timer(loop.timers(), [this] { kick(); })
    , m_self(std::make_shared<CurlMulti *>(this))
{
    CURLM *multi = m_multi.get();
    if (!multi) {
        throw std::bad_alloc();
    }
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &CurlMulti::onSocket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &CurlMulti::onTimer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, long(settings.maxConnectionsPerOrigin));
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, long(std::max(settings.maxIdlePerOrigin, 1)));
}

CurlMulti::~CurlMulti()
{
    while (!m_transfers.empty()) {
        CURL *handle = m_transfers.begin()->first;
        release(handle);
        keepSpare(handle);
    }
    for (CURL *spare : m_spares) {
        curl_easy_cleanup(spare);
    }
    m_multi.reset(); // Before the timer, which its last callbacks still use.
}

CURL *CurlMulti::takeHandle()
{
    if (m_spares.empty()) {
        CURL *made = curl_easy_init();
        if (!made) {
            throw std::bad_alloc();
        }
        return made;
    }
    CURL *spare = m_spares.back();
    m_spares.pop_back();
    curl_easy_reset(spare);
    return spare;
}

void CurlMulti::keepSpare(CURL *handle)
{
    if (m_spares.size() < maxSpares) {
        m_spares.push_back(handle);
    } else {
        curl_easy_cleanup(handle);
    }
}

void CurlMulti::start(std::unique_ptr<CurlTransfer> transfer)
{
    CURL *handle = transfer->handle();
    const bool isRefused = transfer->isRefused();
    m_transfers.emplace(handle, std::move(transfer));
    if (m_isInside && !isRefused) {
        m_starting.push_back(handle);
    } else if (!isRefused) {
        curl_multi_add_handle(m_multi.get(), handle);
    }
}

void CurlMulti::drop(CurlTransfer &transfer)
{
    CURL *handle = transfer.handle();
    std::erase(m_unpaused, handle);
    std::erase(m_finishing, handle);
    std::erase(m_starting, handle);
    if (m_isInside) {
        m_dropped.push_back(handle);
        return;
    }
    release(handle);
    keepSpare(handle);
}

std::unique_ptr<CurlTransfer> CurlMulti::release(CURL *handle)
{
    curl_multi_remove_handle(m_multi.get(), handle);
    return std::move(m_transfers.extract(handle).mapped());
}

void CurlMulti::unpause(CurlTransfer &transfer)
{
    m_unpaused.push_back(transfer.handle());
    kickLater();
}

void CurlMulti::finishLater(CurlTransfer &transfer)
{
    std::erase(m_finishing, transfer.handle());
    m_finishing.push_back(transfer.handle());
    kickLater();
}

int CurlMulti::onSocket(CURL *, curl_socket_t fd, int what, void *self, void *)
{
    static_cast<CurlMulti *>(self)->watch(fd, what);
    return 0;
}

void CurlMulti::watch(curl_socket_t fd, int what)
{
    if (what == CURL_POLL_REMOVE) {
        m_sockets.erase(fd);
        return;
    }
    std::unique_ptr<Socket> &socket = m_sockets[fd];
    if (!socket) {
        socket = std::make_unique<Socket>(*this, fd);
    }
    if (!socket->watch(epollMask(what))) {
        // libcurl would wait for ever. Its next look shows it that the connection is over.
        ::shutdown(fd, SHUT_RDWR);
        m_unwatched.push_back(fd);
        kickLater();
    }
}

int CurlMulti::onTimer(CURLM *, long milliseconds, void *self)
{
    auto *multi = static_cast<CurlMulti *>(self);
    if (milliseconds < 0) {
        multi->m_timer.stop();
    } else if (milliseconds == 0) {
        multi->kickLater();
    } else {
        multi->m_timer.start(std::chrono::milliseconds(milliseconds));
    }
    return 0;
}

void CurlMulti::kickLater()
{
    if (std::exchange(m_isKickPosted, true)) {
        return;
    }
    m_loop.post([weak = std::weak_ptr(m_self)] {
        if (const auto self = weak.lock()) {
            (*self)->m_isKickPosted = false;
            (*self)->kick();
        }
    });
}

void CurlMulti::kick()
{
    for (const curl_socket_t fd : std::exchange(m_unwatched, {})) {
        act(fd, CURL_CSELECT_IN | CURL_CSELECT_OUT | CURL_CSELECT_ERR);
    }
    m_isInside = true;
    for (CURL *handle : std::exchange(m_unpaused, {})) {
        curl_easy_pause(handle, CURLPAUSE_CONT);
    }
    m_isInside = false;
    while (!m_finishing.empty()) {
        CURL *handle = m_finishing.back();
        m_finishing.pop_back();
        if (!m_transfers.at(handle)->isPaused()) {
            finish(handle);
        }
    }
    act(CURL_SOCKET_TIMEOUT, 0);
}

void CurlMulti::act(curl_socket_t fd, int events)
{
    int running = 0;
    m_isInside = true;
    curl_multi_socket_action(m_multi.get(), fd, events, &running);
    m_isInside = false;
    settle();
}

void CurlMulti::settle()
{
    for (CURL *handle : std::exchange(m_dropped, {})) {
        release(handle);
        keepSpare(handle);
    }
    for (CURL *handle : std::exchange(m_starting, {})) {
        curl_multi_add_handle(m_multi.get(), handle);
    }
    int left = 0;
    while (const CURLMsg *message = curl_multi_info_read(m_multi.get(), &left)) {
        CURL *handle = message->easy_handle;
        if (m_transfers.at(handle)->settle(message->data.result)) {
            finish(handle);
        } else {
            curl_multi_remove_handle(m_multi.get(), handle); // The connection is free for others.
        }
    }
}

void CurlMulti::finish(CURL *handle)
{
    const std::unique_ptr<CurlTransfer> done = release(handle);
    done->finish();
    keepSpare(handle);
}

} // namespace delta::net

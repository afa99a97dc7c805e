#include "gateway/net/connector.h"

#include "gateway/net/event_loop.h"

#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace delta::net {

namespace {

/// Orders addresses so that the families take turns, beginning with the first address's.
std::deque<SocketAddress> interleaved(const std::vector<SocketAddress> &addresses)
{
    const int firstFamily = addresses.front().family();
    std::deque<SocketAddress> preferred;
    std::deque<SocketAddress> others;
    for (const SocketAddress &address : addresses) {
        (address.family() == firstFamily ? preferred : others).push_back(address);
    }
    std::deque<SocketAddress> result;
    while (!preferred.empty() || !others.empty()) {
        for (std::deque<SocketAddress> *family : {&preferred, &others}) {
            if (!family->empty()) {
                result.push_back(family->front());
                family->pop_front();
            }
        }
    }
    return result;
}

QString describe(const QByteArray &target, int error)
{
    return QString::fromLatin1(target) + QStringLiteral(": ")
        + QString::fromLocal8Bit(std::strerror(error));
}

} // namespace

/// One connection being made. A failure known at once is reported from the loop like a late one.
class Connector::Attempt final : public FdHandler
{
public:
    Attempt(Connector &connector, const SocketAddress &address)
        : m_connector(connector)
        , m_address(address)
        , m_fd(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))
    {
        const int on = 1;
        if (m_fd >= 0) {
            ::setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        }
        m_isWatched = m_fd >= 0 && beginToConnect()
            && m_connector.m_loop.tryAdd(m_fd, EPOLLOUT, *this);
        if (!m_isWatched) {
            m_error = errno;
            m_connector.m_loop.flushLater(*this);
        }
    }
    ~Attempt() override
    {
        if (const int fd = release(); fd >= 0) {
            ::close(fd);
        }
    }
    Q_DISABLE_COPY_MOVE(Attempt)

    /// Hands the descriptor over.
    [[nodiscard]] int release()
    {
        if (std::exchange(m_isWatched, false)) {
            m_connector.m_loop.remove(m_fd, *this);
        }
        return std::exchange(m_fd, -1);
    }
    [[nodiscard]] const SocketAddress &address() const
    {
        return m_address;
    }

    void onEvents(std::uint32_t) override
    {
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(m_fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
            m_connector.onFailed(*this, error);
            return;
        }
        m_connector.onConnected(*this);
    }
    void onFlush() override
    {
        m_connector.onFailed(*this, m_error);
    }

private:
    [[nodiscard]] bool beginToConnect() const
    {
        return ::connect(m_fd, &m_address.data(), m_address.size()) == 0 || errno == EINPROGRESS;
    }

    Connector &m_connector;
    SocketAddress m_address;
    int m_fd;
    int m_error = 0;
    bool m_isWatched = false;
};

Connector::Connector(EventLoop &loop, Resolver &resolver, const Target &target,
                     std::function<void(Outcome)> done)
    : m_loop(loop)
    , m_target(target)
    , m_done(std::move(done))
    , m_stagger(loop.timers(), [this] { tryNext(); })
{
    if (const auto literal = SocketAddress::fromLiteral(target.host)) {
        m_untried.push_back(literal->withPort(target.port));
        tryNext();
        return;
    }
    m_lookup = resolver.resolve(target.host, loop,
                                [this](const Resolver::Answer &answer) { onResolved(answer); });
}

Connector::~Connector() = default;

void Connector::onResolved(const Resolver::Answer &answer)
{
    m_lookup.reset();
    if (!answer) {
        const auto done = m_done;
        done(std::unexpected(ports::UpstreamError{ports::UpstreamFault::Resolve,
                                                  QString::fromLatin1(m_target.host)
                                                      + QStringLiteral(": ") + answer.error()}));
        return;
    }
    for (const SocketAddress &address : interleaved(*answer)) {
        m_untried.push_back(address.withPort(m_target.port));
    }
    tryNext();
}

void Connector::tryNext()
{
    const SocketAddress address = m_untried.front();
    m_untried.pop_front();
    m_attempts.push_back(std::make_unique<Attempt>(*this, address));
    if (!m_untried.empty()) {
        m_stagger.start(stagger);
    }
}

void Connector::onConnected(Attempt &attempt)
{
    const int fd = attempt.release();
    m_stagger.stop();
    m_attempts.clear();
    const auto done = m_done;
    done(fd);
}

void Connector::onFailed(Attempt &attempt, int error)
{
    const QString detail = describe(attempt.address().toText(), error);
    std::erase_if(m_attempts, [&attempt](const auto &each) { return each.get() == &attempt; });
    if (!m_untried.empty()) {
        m_stagger.stop();
        tryNext();
        return;
    }
    if (m_attempts.empty()) {
        const auto done = m_done;
        done(std::unexpected(ports::UpstreamError{ports::UpstreamFault::Connect, detail}));
    }
}

} // namespace delta::net

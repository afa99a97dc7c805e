#include "tests/bench/mock/mock_server.h"

#include "tests/bench/wire/clock.h"
#include "tests/bench/wire/tcp.h"

#include <sys/epoll.h>
#include <unistd.h>

namespace delta::bench {

/// A listening descriptor on the loop.
class MockServer::Listener final : public EpollLoop::Handler
{
public:
    Listener(MockServer &server, int descriptor, const TlsContext *tls)
        : m_server(server)
        , m_descriptor(descriptor)
        , m_tls(tls)
    {
        m_server.loop().add(m_descriptor, EPOLLIN, *this);
    }

    ~Listener()
    {
        ::close(m_descriptor);
    }
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    void onEvents(std::uint32_t) override
    {
        m_server.accept(m_descriptor, m_tls);
    }

private:
    MockServer &m_server;
    int m_descriptor;
    const TlsContext *m_tls;
};

MockServer::MockServer() = default;

MockServer::~MockServer() = default;

std::uint16_t MockServer::listen(std::uint16_t port, const TlsContext *tls)
{
    const int descriptor = listenOnLoopback(port);
    m_listeners.push_back(std::make_unique<Listener>(*this, descriptor, tls));
    return portOf(descriptor);
}

void MockServer::run()
{
    for (;;) {
        m_loop.turn(m_schedule.untilNext(nowNs()));
        resumeDue();
    }
}

void MockServer::accept(int listener, const TlsContext *tls)
{
    for (int descriptor = acceptOne(listener); descriptor >= 0; descriptor = acceptOne(listener)) {
        const std::uint64_t id = m_nextId++;
        m_connections[id] = std::make_unique<MockConnection>(*this, id, descriptor, tls);
    }
}

void MockServer::resumeDue()
{
    const std::int64_t now = nowNs();
    while (const auto entry = m_schedule.takeDue(now)) {
        const auto found = m_connections.find(entry->connection);
        if (found == m_connections.end()) {
            continue;
        }
        found->second->resume(entry->dueNs);
        if (found->second->isBroken()) {
            m_connections.erase(found);
        }
    }
}

} // namespace delta::bench

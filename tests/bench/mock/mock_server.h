#pragma once

#include "tests/bench/mock/mock_connection.h"
#include "tests/bench/mock/schedule.h"
#include "tests/bench/wire/epoll_loop.h"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace delta::bench {

/// The upstream: listens on loopback and owns its connections. One thread.
class MockServer final
{
public:
    MockServer();
    ~MockServer();

    /// Listens on `port` (0: any); a null context means plain TCP. Returns the port.
    std::uint16_t listen(std::uint16_t port, const TlsContext *tls);

    /// Serves until the process is ended.
    [[noreturn]] void run();

    [[nodiscard]] EpollLoop &loop()
    {
        return m_loop;
    }
    [[nodiscard]] Schedule &schedule()
    {
        return m_schedule;
    }

    /// Closes and forgets a connection. Called by the connection itself as its last act.
    void drop(std::uint64_t id)
    {
        m_connections.erase(id);
    }

private:
    class Listener;

    void accept(int listener, const TlsContext *tls);
    void resumeDue();

    EpollLoop m_loop;
    Schedule m_schedule;
    std::vector<std::unique_ptr<Listener>> m_listeners;
    std::unordered_map<std::uint64_t, std::unique_ptr<MockConnection>> m_connections;
    std::uint64_t m_nextId = 1;
};

} // namespace delta::bench

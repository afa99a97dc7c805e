#pragma once

#include "tests/bench/wire/epoll_loop.h"
#include "tests/bench/wire/stream_socket.h"

#include <string>
#include <string_view>

namespace delta::bench {

/// One connection on the loop: hands on what it reads and keeps what the kernel does not take yet.
class Peer : public EpollLoop::Handler
{
public:
    /// Starts watching; the loop and the context (null: plain TCP) are borrowed.
    Peer(EpollLoop &loop, int descriptor, const TlsContext *tls);
    virtual ~Peer();
    Peer(const Peer &) = delete;
    Peer &operator=(const Peer &) = delete;

    /// Sends now, in one write if the kernel takes it, else the rest as soon as possible.
    void send(std::string_view bytes);

    /// Whether the connection is over. Then nothing is sent or read any more.
    [[nodiscard]] bool isBroken() const
    {
        return m_isBroken;
    }

    /// Whether everything that was sent is in the kernel.
    [[nodiscard]] bool hasSentAll() const
    {
        return m_unsent.empty();
    }

    void onEvents(std::uint32_t events) final;

protected:
    /// Gives up the connection; onBroken() follows if this happens within an event.
    void fail()
    {
        m_isBroken = true;
    }

    /// Receives bytes as they come. The view ends with the call.
    virtual void onBytes(std::string_view bytes) = 0;

    /// Is told that bytes held back by the kernel have now been taken.
    virtual void onDrained()
    {
    }

    /// Is told as the last thing of an event that the connection is over; may destroy this object.
    virtual void onBroken() = 0;

private:
    void readAll();
    std::size_t write(std::string_view bytes);
    void watch(std::uint32_t events);

    EpollLoop &m_loop;
    StreamSocket m_socket;
    std::string m_unsent;
    std::uint32_t m_watched;
    bool m_isBroken = false;
};

} // namespace delta::bench

#include "tests/bench/wire/peer.h"

#include <sys/epoll.h>

#include <array>

namespace delta::bench {

namespace {

using Outcome = StreamSocket::Outcome;

/// Read buffer of all peers: what is read is handed on in the same call.
std::span<char> readBuffer()
{
    thread_local std::array<char, 128 * 1024> buffer;
    return buffer;
}

} // namespace

Peer::Peer(EpollLoop &loop, int descriptor, const TlsContext *tls)
    : m_loop(loop)
    , m_socket(descriptor, tls)
    , m_watched(EPOLLIN)
{
    m_loop.add(descriptor, m_watched, *this);
}

Peer::~Peer()
{
    m_loop.remove(m_socket.descriptor());
}

void Peer::send(std::string_view bytes)
{
    if (m_isBroken) {
        return;
    }
    // What waits already must go first; otherwise nothing is copied that the kernel takes at once.
    const std::size_t sent = m_unsent.empty() ? write(bytes) : 0;
    m_unsent.append(bytes.substr(sent));
}

void Peer::onEvents(std::uint32_t events)
{
    // A handshake may need either direction before bytes can go out, so both events try.
    if (!m_unsent.empty()) {
        m_unsent.erase(0, write(m_unsent));
        if (m_unsent.empty() && !m_isBroken) {
            onDrained();
        }
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && !m_isBroken) {
        readAll();
    }
    if (m_isBroken) {
        onBroken();
    }
}

void Peer::readAll()
{
    const std::span<char> buffer = readBuffer();
    do {
        const StreamSocket::Result result = m_socket.read(buffer);
        if (result.outcome == Outcome::Closed) {
            fail();
        }
        if (result.outcome == Outcome::Done) {
            onBytes({buffer.data(), result.size});
        }
    } while (!m_isBroken && m_socket.holdsDecryptedBytes());
}

std::size_t Peer::write(std::string_view bytes)
{
    std::size_t sent = 0;
    Outcome outcome = Outcome::Done;
    while (sent < bytes.size() && outcome == Outcome::Done) {
        const StreamSocket::Result result = m_socket.write(bytes.substr(sent));
        outcome = result.outcome;
        sent += result.size;
    }
    if (outcome == Outcome::Closed) {
        fail();
    }
    watch(outcome == Outcome::WantWrite ? EPOLLIN | EPOLLOUT : EPOLLIN);
    return sent;
}

void Peer::watch(std::uint32_t events)
{
    if (events != m_watched) {
        m_watched = events;
        m_loop.change(m_socket.descriptor(), events, *this);
    }
}

} // namespace delta::bench

#pragma once

#include "gateway/http/file_descriptor.h"
#include "gateway/http/listener.h"
#include "gateway/http/transport/connection_limits.h"
#include "gateway/net/event_loop.h"

#include <QTcpServer>
#include <sys/socket.h>

#include <memory>

namespace delta::http {

class ConnectionGroup;

/// Accepts client connections on one listening descriptor and hands them out as StrictSocket.
/// It accepts on the loop itself rather than through QTcpServer, which spins when descriptors run
/// out, and so it keeps what it hands out itself too: QTcpServer's queue would make it accept
/// again.
class StrictServer final : public QTcpServer, private net::FdHandler
{
    Q_OBJECT
public:
    /// Group and limits are borrowed.
    StrictServer(ConnectionGroup &group, ConnectionLimits &limits, QObject *parent = nullptr);
    ~StrictServer() override;

    /// Takes over the listener and begins to accept. False if the descriptor does not listen.
    bool listenOn(Listener listener);
    /// Accepts never again. What is queued is still taken, unless a successor shares the listener.
    void stopAccepting();

    [[nodiscard]] bool hasPendingConnections() const override;
    /// Returns the connection that was just announced, for the caller to own; then null.
    [[nodiscard]] QTcpSocket *nextPendingConnection() override;

protected:
    /// Makes the socket of one accepted descriptor, and announces it.
    void incomingConnection(qintptr handle) override;

private:
    enum class Accepted {
        Yes,
        Later, ///< Nothing is queued, or it cannot be taken now.
    };

    void onEvents(std::uint32_t events) override;
    Accepted acceptOne();
    Accepted onAcceptError(int error);
    Accepted turnAwayWithReserve();
    void turnAway(FileDescriptor socket);
    void pause();
    void resume();

    ConnectionGroup &m_group;
    ConnectionLimits &m_limits;
    net::Timer m_pauseTimer;
    FileDescriptor m_reserve; ///< Given up for a moment to be able to turn a client away.
    std::unique_ptr<QTcpSocket> m_announced;
    sockaddr_storage m_peer{}; ///< Of the connection that is being accepted.
    int m_listener = -1;       ///< Owned by QTcpServer; -1 while not accepting.
    Listener::Origin m_origin = Listener::Origin::Own;
};

} // namespace delta::http

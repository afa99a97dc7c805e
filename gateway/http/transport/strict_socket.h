#pragma once

#include "gateway/http/transport/connection.h"

#include <QByteArrayView>
#include <QTcpSocket>

namespace delta::http {

/// A client connection as QtHttpServer sees it: a QTcpSocket whose descriptor, framing, limits and
/// deadlines are ours.
///
/// What QtHttpServer reads from it is only the news that a request waits in connection(): a request
/// line with the method, and no headers. Its parser costs some 260 instructions a byte and is not
/// hardened, so no byte that a client chose goes through it.
class StrictSocket final : public QTcpSocket, private ConnectionOwner
{
    Q_OBJECT
public:
    /// The group is borrowed. Throws std::system_error if the loop cannot watch the descriptor.
    StrictSocket(ConnectionGroup &group, AcceptedSocket socket);
    ~StrictSocket() override;

    [[nodiscard]] Connection &connection()
    {
        return m_connection;
    }

    [[nodiscard]] qint64 bytesAvailable() const override;
    [[nodiscard]] qint64 bytesToWrite() const override;
    /// QtHttpServer calls it only when it cannot read a request.
    void disconnectFromHost() override;
    void close() override;

protected:
    qint64 readData(char *target, qint64 size) override;
    qint64 writeData(const char *source, qint64 size) override;

private:
    void onRequest() override;
    void onClosed() override;
    void dropReadBuffer();

    ConnectionGroup &m_group;
    Connection m_connection;
    QByteArrayView m_news; ///< What of it is still to be read.
};

} // namespace delta::http

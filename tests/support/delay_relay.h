#pragma once

#include <QByteArray>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTimer>

#include <chrono>
#include <utility>

namespace delta::test {

/// Stands between a client and a server on a socket file, and passes on what the server says so much later.
/// For the thread that turns its loop. Tests that use it link Qt6::Network.
class DelayRelay
{
public:
    explicit DelayRelay(QByteArray server)
        : m_server(std::move(server))
    {
        if (!m_listener.listen(m_folder.filePath(QStringLiteral("relay.sock")))) {
            qFatal("the relay cannot listen");
        }
        QObject::connect(&m_listener, &QLocalServer::newConnection, &m_listener,
                         [this] { relay(m_listener.nextPendingConnection()); });
    }

    [[nodiscard]] QByteArray path() const
    {
        return m_listener.fullServerName().toUtf8();
    }

private:
    void relay(QLocalSocket *client)
    {
        auto *server = new QLocalSocket(client);
        server->connectToServer(QString::fromUtf8(m_server));
        QObject::connect(client, &QLocalSocket::readyRead, server,
                         [client, server] { server->write(client->readAll()); });
        QObject::connect(server, &QLocalSocket::readyRead, client, [this, client, server] {
            QTimer::singleShot(delay, Qt::PreciseTimer, client,
                               [client, bytes = server->readAll()] { client->write(bytes); });
        });
        QObject::connect(client, &QLocalSocket::disconnected, client, &QObject::deleteLater);
    }

    QTemporaryDir m_folder;
    QByteArray m_server;
    QLocalServer m_listener;

public:
    std::chrono::milliseconds delay{}; ///< May be changed at any time.
};

} // namespace delta::test

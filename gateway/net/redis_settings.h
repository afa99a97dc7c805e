#pragma once

#include "shared/core/secret.h"

#include <QByteArray>
#include <QtTypes>

namespace delta::net {

/// Where a Redis or Valkey server is, and who we are there.
struct RedisSettings {
    enum class Transport {
        Tcp,
        Tls, ///< The server's chain and name are checked.
        Unix,
    };

    Transport transport = Transport::Tcp;
    QByteArray
        host; ///< Name or address literal, without brackets; empty for Unix, or without Redis.
    quint16 port = 6379;
    QByteArray path; ///< Of the socket, for Unix.
    QByteArray user; ///< Empty: the server's default user.
    Secret password; ///< Empty: none is sent.
    int database = 0;
    QByteArray caFile; ///< PEM bundle to trust, for Tls; empty: the system's.

    /// Says whether there is a server at all.
    [[nodiscard]] bool isConfigured() const
    {
        return !host.isEmpty() || !path.isEmpty();
    }
    /// Returns where it is, for the log.
    [[nodiscard]] QByteArray place() const
    {
        return transport == Transport::Unix ? path : host + ':' + QByteArray::number(port);
    }
    [[nodiscard]] bool operator==(const RedisSettings &other) const
    {
        return transport == other.transport && host == other.host && port == other.port
            && path == other.path && user == other.user
            && password.reveal() == other.password.reveal() && database == other.database
            && caFile == other.caFile;
    }
};

} // namespace delta::net

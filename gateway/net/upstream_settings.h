#pragma once

#include <QByteArray>
#include <QtTypes>

#include <chrono>

namespace delta::net {

/// Limits of the upstream connection pool. Counts are per loop thread and origin.
struct UpstreamSettings {
    int maxConnectionsPerOrigin = 4'096; ///< Open connections, busy and idle.
    int maxIdlePerOrigin = 256;          ///< Connections kept for reuse.
    /// An idle connection older than this is closed, not reused.
    std::chrono::milliseconds idleExpiry{60'000};
    std::chrono::milliseconds poolTimeout{10'000}; ///< Longest wait for a free connection.
    qsizetype maxHeadBytes = 64 * 1024; ///< Of a response head; beyond is a protocol fault.
    QByteArray caFile{};                ///< PEM bundle to trust; empty: the system's.
    /// URL of a forward proxy, for CurlClient only; empty: none.
    QByteArray proxy{};

    bool operator==(const UpstreamSettings &) const = default;
};

} // namespace delta::net

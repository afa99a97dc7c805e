#pragma once

#include <QByteArray>

#include <chrono>

namespace delta::http {

/// Limits and timeouts of the HTTP edge. The defaults are safe to face the internet with.
struct EdgeSettings {
    /// Request line and header section together; beyond: 431.
    qsizetype maxHeadBytes = 32 * 1024;
    int maxHeaderFields = 100;                 ///< Beyond: 431.
    qsizetype maxUrlBytes = 8 * 1024;          ///< Beyond: 414.
    qsizetype maxBodyBytes = 32 * 1024 * 1024; ///< After de-chunking; beyond: 413.
    /// Bodies of the process that are not complete, together, beyond the first 64 KiB of each; the
    /// body that finds no room: 503 and close. Zero: no limit.
    qint64 maxBufferedBodyBytes = 512LL * 1024 * 1024;
    std::chrono::milliseconds headTimeout{10'000}; ///< First to last byte of a head; beyond: 408.
    std::chrono::milliseconds bodyTimeout{30'000}; ///< Longest pause within a body; beyond: 408.
    /// Of a body, in each bodyTimeout of its own; below: 408. Zero: any rate.
    qsizetype minBodyBytesPerSecond = 1024;
    /// Between requests of a connection; then it closes in silence.
    std::chrono::milliseconds idleTimeout{75'000};
    /// Longest time in which a client takes no byte of its reply; then it is cut.
    std::chrono::milliseconds writeTimeout{60'000};
    int maxConnections = 20'000; ///< Of the process; beyond: 503 and close.
    /// Of one client address, or one /64 network of IPv6; beyond: 503 and close. Zero: no cap.
    int maxConnectionsPerAddress = 4'096;
    int maxRequestsPerConnection = 0; ///< Then `Connection: close`. Zero: no cap.
    /// Unsent bytes at which a reply stops being writable.
    qsizetype highWatermark = 64 * 1024;
    QByteArray tlsCertificateFile; ///< PEM chain; empty: plain HTTP. Needs tlsKeyFile.
    QByteArray tlsKeyFile;         ///< PEM key.
    /// Value of Access-Control-Allow-Origin; empty: no CORS headers.
    QByteArray corsAllowOrigin;

    bool operator==(const EdgeSettings &) const = default;
};

} // namespace delta::http

#pragma once

#include "tests/support/scripted_gate.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <chrono>
#include <mutex>
#include <optional>
#include <vector>

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;

namespace delta::test {

/// Ends a script, because its server is being destroyed.
struct ScriptStopped {
};

/// One request as the server read it.
struct ScriptedRequest {
    QByteArray head; ///< Request line and fields, with the empty line.
    QByteArray body; ///< As many bytes as Content-Length says.

    [[nodiscard]] QByteArray requestLine() const
    {
        return head.left(head.indexOf('\r'));
    }
    [[nodiscard]] QByteArray path() const
    {
        return requestLine().split(' ').value(1);
    }
    /// Returns the value of the first field of that name (ASCII case is ignored), or a null array.
    [[nodiscard]] QByteArray field(QByteArrayView name) const;
};

/// What happened on one connection.
struct ScriptedLog {
    QByteArray received; ///< Every byte from the client; inside TLS.
    std::vector<ScriptedRequest> requests;
    qsizetype sentBytes = 0; ///< Bytes that the kernel took for the client; inside TLS.
    bool isClosedByClient = false;
    bool isReset = false; ///< The client's close came as a reset.
    bool isTlsEstablished = false;
    bool isTlsResumed = false;
    QByteArray serverName; ///< SNI.
    QByteArray protocol;   ///< ALPN.
};

/// One accepted connection as its script sees it. Calls block the script's thread until they are
/// done.
class ScriptedPeer
{
public:
    /// Takes over the connected descriptor. `stop` interrupts every call when it opens.
    ScriptedPeer(int fd, int index, const ScriptedGate &stop);
    ~ScriptedPeer();
    ScriptedPeer(const ScriptedPeer &) = delete;
    ScriptedPeer &operator=(const ScriptedPeer &) = delete;

    /// The number of the connection on its server, from zero.
    [[nodiscard]] int index() const
    {
        return m_index;
    }
    /// Shakes hands as a TLS server; the server does this before a script runs. False if it failed.
    bool startTls(SSL_CTX *context);

    /// Reads one request with its body; nothing if the client closed before it was complete.
    std::optional<ScriptedRequest> readRequest();
    /// Reads what is there, but at least one byte; empty if the client closed.
    QByteArray readSome();
    /// Reads and forgets until the client closes or resets the connection.
    void waitForClose();
    /// Sends all bytes; false if the client is gone.
    bool send(QByteArrayView bytes);
    /// Sends the bytes one by one, each in a segment of its own.
    bool sendSlowly(QByteArrayView bytes);
    void wait(const ScriptedGate &gate);
    void wait(std::chrono::milliseconds time);
    /// Sends what TLS sends at the end and closes. Bytes of the client that were not read make it a
    /// reset.
    void close();
    /// Closes without TLS's end mark: what an attacker who cuts the line would cause.
    void cut();
    /// Closes with a TCP reset.
    void reset();

    /// Safe from any thread.
    [[nodiscard]] ScriptedLog log() const;

private:
    enum class Wanted { Read, Write };

    bool receive();
    void waitFor(Wanted wanted);
    qsizetype readInto(char *buffer, qsizetype size);
    qsizetype writeFrom(QByteArrayView bytes);
    qsizetype finishSslCall(int result);
    void recordEnd(bool isReset);
    void recordTls();

    int m_fd;
    int m_index;
    const ScriptedGate &m_stop;
    SSL *m_ssl = nullptr;
    QByteArray m_unread;        ///< Received, but not yet returned by a read.
    mutable std::mutex m_mutex; ///< Guards m_log.
    ScriptedLog m_log;
};

} // namespace delta::test

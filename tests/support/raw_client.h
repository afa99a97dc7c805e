#pragma once

#include "gateway/net/event_loop.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QtTypes>

#include <utility>
#include <vector>

namespace delta::test {

/// One reply as a client of HTTP/1.1 reads it.
struct ReceivedReply {
    int status = 0;
    QByteArray statusLine;
    std::vector<std::pair<QByteArray, QByteArray>> fields; ///< Names in lower case.
    QByteArray body;                                       ///< De-chunked.
    bool isComplete =
        false; ///< By its length or its last chunk; false for one that the close ends.

    /// Returns the value of the first field of that name, or a null array.
    [[nodiscard]] QByteArray field(QByteArrayView name) const;
};

/// Whether the reply to HEAD is expected, which has a length and no body.
enum class ReplyTo {
    Other,
    Head,
};

/// A TCP client without manners: sends the bytes that it is given, whatever they are. Runs on the
/// loop of the test's own thread, beside the server; waiting turns the loop. Connects to 127.0.0.1.
class RawClient final : private net::FdHandler
{
public:
    struct Options {
        int receiveBufferBytes = 0; ///< Of the kernel; zero: its default.
        QByteArray from;            ///< The local address; empty: any.
    };

    explicit RawClient(quint16 port);
    RawClient(quint16 port, const Options &options);
    ~RawClient() override;

    /// Sends the bytes, as fast as the server takes them.
    void send(const QByteArray &bytes);
    /// Returns how many of them the kernel did not take yet.
    [[nodiscard]] qsizetype unsentBytes() const
    {
        return m_unsent.size();
    }
    /// Says that no more bytes come; goes on reading.
    void endWriting();
    void close();
    /// Closes with a TCP reset.
    void reset();
    /// Stops and resumes reading, as a client does that is slow.
    void pauseReading();
    void resumeReading();

    [[nodiscard]] quint16 localPort() const;
    /// Everything that was received since the last clearReceived().
    [[nodiscard]] const QByteArray &received() const
    {
        return m_received;
    }
    void clearReceived()
    {
        m_received.clear();
    }
    /// Says whether the server has closed the connection, in good order or not.
    [[nodiscard]] bool isClosed() const
    {
        return m_isClosed;
    }
    /// Says whether the close was a reset.
    [[nodiscard]] bool isReset() const
    {
        return m_isReset;
    }
    /// Returns the replies received so far, the last one perhaps incomplete. Interim ones (100)
    /// count.
    [[nodiscard]] std::vector<ReceivedReply> replies(ReplyTo to = ReplyTo::Other) const;

    /// Turns the loop until that many replies are complete; false if the server closes before, or
    /// after a minute.
    bool waitForReplies(int count, ReplyTo to = ReplyTo::Other);
    /// Turns the loop until the server closes; false after a minute.
    bool waitForClose();

private:
    void onEvents(std::uint32_t events) override;
    void sendMore();
    void receive();
    void updateEvents();
    [[nodiscard]] int completeReplies(ReplyTo to) const;

    net::EventLoop &m_loop;
    int m_fd = -1;
    QByteArray m_unsent;
    QByteArray m_received;
    bool m_isReading = true;
    bool m_isClosed = false;
    bool m_isReset = false;
};

/// Reads the replies in the bytes of one connection.
[[nodiscard]] std::vector<ReceivedReply> parseReplies(QByteArrayView bytes,
                                                      ReplyTo to = ReplyTo::Other);

} // namespace delta::test

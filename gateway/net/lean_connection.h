#pragma once

#include "gateway/net/byte_stream.h"
#include "gateway/net/connector.h"
#include "gateway/net/event_loop.h"
#include "gateway/net/fd_watch.h"
#include "gateway/net/output_queue.h"
#include "gateway/net/response_reader.h"

#include <cstdint>
#include <memory>

namespace delta::net {

class LeanExchange;
class LeanPool;

/// One connection of a pool: makes itself, then carries one exchange after another.
/// After every call of an exchange's sink the connection looks whether it still has that exchange,
/// because a sink may destroy it, which closes the connection at once. The object itself dies at
/// the end of the loop's turn, when nothing is running in it any more.
class LeanConnection final : public FdHandler, private ResponseReader::Listener
{
public:
    LeanConnection(LeanPool &pool, std::size_t index);
    ~LeanConnection() override;

    /// Begins to connect on behalf of the exchange, and serves it then.
    void open(LeanExchange &exchange);
    /// Says, of an idle connection, whether it can serve another exchange: nothing has arrived, and
    /// it was not closed. The loop may not have turned since, so this asks the kernel.
    [[nodiscard]] bool isQuiet();
    /// Sends the exchange's request. The connection must be idle, and quiet.
    void serve(LeanExchange &exchange);
    /// Closes at once: the exchange does not want its response any more.
    void abandon();
    /// Closes an idle connection, or one that nobody waits for.
    void close();
    /// Goes on reading for an exchange that was paused.
    void resumeReading();

    /// Where the pool keeps this connection.
    [[nodiscard]] std::size_t index() const
    {
        return m_index;
    }
    void setIndex(std::size_t index)
    {
        m_index = index;
    }

    void onEvents(std::uint32_t events) override;
    void onFlush() override;

private:
    enum class State { Connecting, Handshaking, Idle, Busy, Closed };

    Verdict onHead(const ports::UpstreamHead &head) override;
    Verdict onBody(QByteArrayView piece) override;

    void onConnected(const Connector::Outcome &outcome);
    void shakeHands();
    void writeRequest();
    void readResponse();
    void takeBytes(QByteArrayView bytes);
    void takeEnd(IoStatus status);
    void complete(bool isReusable);
    void lose(const ports::UpstreamError &error);
    /// Closes, and returns the exchange that was being served.
    [[nodiscard]] LeanExchange &giveUp();
    void disconnect();
    [[nodiscard]] bool mayRepeat(IoStatus end) const;
    void watch();
    [[nodiscard]] std::uint32_t wantedEvents() const;
    [[nodiscard]] bool isPaused() const;

    LeanPool &m_pool;
    std::size_t m_index;
    State m_state = State::Connecting;
    std::unique_ptr<Connector> m_connector; ///< While connecting.
    int m_fd = -1;
    FdWatch m_watch;
    std::unique_ptr<ByteStream> m_stream;
    OutputQueue m_output;
    ResponseReader m_reader;
    LeanExchange *m_exchange = nullptr; ///< Null when idle or closed.
    qint64 m_bytesBefore = 0;           ///< Written to the stream before the current request.
    bool m_isReused = false;            ///< Has served an exchange before the current one.
    bool m_isWriteBroken = false; ///< The peer takes nothing more; it may have answered, though.
};

} // namespace delta::net

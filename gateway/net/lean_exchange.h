#pragma once

#include "gateway/net/exchange_clock.h"
#include "gateway/net/lean_pool.h"
#include "gateway/ports/upstream_client.h"

namespace delta::net {

/// One request of the lean client on its way: where it stands, its deadlines, and its sink.
/// Every call of the sink is the last thing a function does, because the sink may destroy the
/// exchange.
class LeanExchange final : public ports::UpstreamExchange
{
public:
    LeanExchange(LeanPool &pool, ports::UpstreamRequest request, ports::UpstreamSink &sink);
    ~LeanExchange() override;
    LeanExchange(const LeanExchange &) = delete;
    LeanExchange &operator=(const LeanExchange &) = delete;

    /// Starts the exchange. Never calls the sink.
    void begin();
    void pause() override;
    void resume() override;
    [[nodiscard]] bool hasBegunToSend() const override;

    [[nodiscard]] const ports::UpstreamRequest &request() const
    {
        return m_request;
    }
    [[nodiscard]] bool isPaused() const
    {
        return m_clock.isPaused();
    }

    /// The pool has no connection now; this is our place in its queue.
    void waitAt(LeanPool::Queue::iterator place);
    /// The connection is being made for us.
    void noteConnecting(LeanConnection &connection);
    /// Some, but not all bytes of the request have left.
    void noteSending(LeanConnection &connection);
    /// All bytes of the request have left.
    void noteSent(LeanConnection &connection);
    /// Something of the response has arrived.
    void noteReceived();

    void takeHead(const ports::UpstreamHead &head);
    void takeBody(QByteArrayView piece);
    /// The connection is not ours any more.
    void loseConnection();
    /// The response is complete.
    void end();
    /// The exchange failed.
    void fail(const ports::UpstreamError &error);

private:
    void leave();

    LeanPool &m_pool;
    ports::UpstreamRequest m_request;
    ports::UpstreamSink &m_sink;
    LeanConnection *m_connection = nullptr; ///< Ours while it connects or is busy with us.
    LeanPool::Queue::iterator m_place;      ///< In the queue, while we wait there.
    bool m_isSent = false;                  ///< All of the request, to the current connection.
    ExchangeClock m_clock;
};

} // namespace delta::net

#pragma once

#include "tests/bench/load/event_counter.h"
#include "tests/bench/wire/http_reader.h"
#include "tests/bench/wire/peer.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace delta::bench {

class ClientConnection;

/// Who decides what a connection does next.
class ClientOwner
{
public:
    /// Is told that the first content event of a stream came.
    virtual void onFirstEvent(ClientConnection &)
    {
    }

    /// Is told that a reply is complete; may start the next request, or end the connection.
    virtual void onReply(ClientConnection &connection) = 0;

    /// Is told as the last act of a connection that it is over; destroys it.
    virtual void onGone(ClientConnection &connection) = 0;

protected:
    ~ClientOwner() = default;
};

/// A client's connection: sends one request at a time and judges the reply.
class ClientConnection final : public Peer, private HttpReader::Sink
{
public:
    /// What all connections of a run share; borrowed by each of them.
    struct Context {
        EpollLoop &loop;
        Recorder &recorder;
        ClientOwner &owner;
        const TlsContext *tls; ///< Null: plain TCP.
        int expectedEvents;    ///< Content events of a complete stream; 0: replies are not streams.
        const std::string &expectedStatus; ///< Such as "200"; any other is a failure.
    };

    /// Takes over a connecting descriptor. `slot` is the owner's own number for it.
    ClientConnection(const Context &context, std::size_t slot, int descriptor);

    /// Sends a request that was due at `dueNs`. Only while no other is under way.
    void start(std::string_view request, std::int64_t dueNs);

    /// Ends the connection on purpose; onGone() follows at the end of the event in hand.
    void leave()
    {
        fail();
    }

    /// Counts the request under way, if any, as failed.
    void giveUp(const std::string &reason);

    [[nodiscard]] std::size_t slot() const
    {
        return m_slot;
    }
    [[nodiscard]] bool isBusy() const
    {
        return m_isBusy;
    }
    [[nodiscard]] int requestCount() const
    {
        return m_requestCount;
    }
    [[nodiscard]] std::int64_t dueNs() const
    {
        return m_dueNs;
    }

private:
    void onBytes(std::string_view bytes) override;
    void onBroken() override;
    void onHead(const HttpHead &head) override;
    void onBody(std::string_view bytes) override;
    void onMessageEnd() override;

    [[nodiscard]] std::string findFault() const;
    [[nodiscard]] bool isStream() const
    {
        return m_context.expectedEvents > 0;
    }

    const Context &m_context;
    std::size_t m_slot;
    HttpReader m_reader;
    EventCounter m_events;
    std::string m_status;      ///< Of the reply in hand, such as "200".
    std::string m_errorBody;   ///< Beginning of a reply that is no success, for the message.
    bool m_hasFraming = false; ///< The reply in hand says where it ends.
    bool m_isBusy = false;
    int m_requestCount = 0;
    std::int64_t m_dueNs = 0;
};

} // namespace delta::bench

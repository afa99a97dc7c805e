#pragma once

#include "tests/bench/mock/profile.h"
#include "tests/bench/wire/http_reader.h"
#include "tests/bench/wire/peer.h"

#include <cstdint>

namespace delta::bench {

class MockServer;

/// A connection of the upstream: reads requests to their end and answers each as its profile says.
class MockConnection final : public Peer, private HttpReader::Sink
{
public:
    /// Takes over `descriptor`. The server is borrowed and owns this object under `id`.
    MockConnection(MockServer &server, std::uint64_t id, int descriptor, const TlsContext *tls);

    /// Goes on at the time that it asked for; `dueNs` is that time, not the later one of the call,
    /// so that a stream keeps its pace.
    void resume(std::int64_t dueNs);

private:
    void onBytes(std::string_view bytes) override;
    void onDrained() override;
    void onBroken() override;
    void onHead(const HttpHead &head) override;
    void onBody(std::string_view) override
    {
    }
    void onMessageEnd() override;

    void sendUnpaced();
    void sendNextEvent();
    void resumeAt(std::int64_t dueNs);
    [[nodiscard]] bool isStreaming() const;

    MockServer &m_server;
    std::uint64_t m_id;
    HttpReader m_reader;
    const Profile *m_profile = nullptr; ///< Of the request in hand; null: nothing we can answer.
    int m_nextEvent = 0;                ///< Content events first, then usage, then the end.
    bool m_isAnswering = false;
};

} // namespace delta::bench

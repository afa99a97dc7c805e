#include "tests/bench/load/load_run.h"

#include "tests/bench/load/closed_run.h"
#include "tests/bench/load/hold_run.h"
#include "tests/bench/load/open_run.h"
#include "tests/bench/wire/clock.h"
#include "tests/bench/wire/tcp.h"

#include <string>
#include <utility>

namespace delta::bench {

LoadRun::LoadRun(const LoadOptions &options)
    : m_options(options)
    , m_requests(options)
    , m_tls(options.isTls ? std::make_unique<TlsContext>(TlsContext::makeClient()) : nullptr)
    , m_context{.loop = m_loop,
                .recorder = m_recorder,
                .owner = *this,
                .tls = m_tls.get(),
                .expectedEvents = options.payload == LoadOptions::Payload::Stream
                    ? options.expectedEvents
                    : 0,
                .expectedStatus = options.expectedStatus}
{
}

Recorder LoadRun::run()
{
    const std::int64_t begin = nowNs();
    execute();
    m_recorder.seconds = static_cast<double>(nowNs() - begin) / 1e9;
    m_connections.clear();
    return std::move(m_recorder);
}

ClientConnection &LoadRun::open(std::size_t slot)
{
    const std::size_t address = slot % static_cast<std::size_t>(m_options.sources) + 1;
    const int descriptor = beginConnect(m_options.port, "127.0.0." + std::to_string(address));
    m_connections[slot] = std::make_unique<ClientConnection>(m_context, slot, descriptor);
    ++m_recorder.opened;
    return *m_connections[slot];
}

void LoadRun::start(ClientConnection &connection, std::int64_t dueNs)
{
    connection.start(m_requests.next(), dueNs);
}

void LoadRun::giveUpAll()
{
    for (const auto &connection : m_connections) {
        if (connection) {
            connection->giveUp("no reply in time");
        }
    }
}

std::unique_ptr<LoadRun> makeRun(const LoadOptions &options)
{
    switch (options.mode) {
    case LoadOptions::Mode::Closed:
        return std::make_unique<ClosedRun>(options);
    case LoadOptions::Mode::Open:
        return std::make_unique<OpenRun>(options);
    case LoadOptions::Mode::Hold:
        return std::make_unique<HoldRun>(options);
    }
    std::unreachable();
}

} // namespace delta::bench

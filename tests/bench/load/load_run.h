#pragma once

#include "tests/bench/load/client_connection.h"
#include "tests/bench/load/load_options.h"
#include "tests/bench/load/request_source.h"

#include <memory>
#include <vector>

namespace delta::bench {

/// What every kind of run has: the loop, the connections by slot, and the record.
class LoadRun : protected ClientOwner
{
public:
    virtual ~LoadRun() = default;
    LoadRun(const LoadRun &) = delete;
    LoadRun &operator=(const LoadRun &) = delete;

    /// Runs to the end. Failed requests are in the record; an impossible run throws.
    Recorder run();

protected:
    /// Borrows the options, which outlive the run.
    explicit LoadRun(const LoadOptions &options);

    /// Does the whole run; `seconds` of the record is set by run().
    virtual void execute() = 0;

    /// Opens a new connection in a slot that is empty.
    ClientConnection &open(std::size_t slot);

    /// Sends the next request on an idle connection. It was due at `dueNs`.
    void start(ClientConnection &connection, std::int64_t dueNs);

    /// Counts every request that is still under way as failed.
    void giveUpAll();

    [[nodiscard]] const LoadOptions &options() const
    {
        return m_options;
    }
    [[nodiscard]] EpollLoop &loop()
    {
        return m_loop;
    }
    [[nodiscard]] Recorder &recorder()
    {
        return m_recorder;
    }

private:
    const LoadOptions &m_options;
    EpollLoop m_loop;
    Recorder m_recorder;
    RequestSource m_requests;
    std::unique_ptr<TlsContext> m_tls;
    ClientConnection::Context m_context;

protected:
    /// Connections by slot; null where there is none. The last member, because they borrow the
    /// others.
    std::vector<std::unique_ptr<ClientConnection>> m_connections;
};

/// Makes the run that the options ask for.
std::unique_ptr<LoadRun> makeRun(const LoadOptions &options);

} // namespace delta::bench

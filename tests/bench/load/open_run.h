#pragma once

#include "tests/bench/load/load_run.h"

#include <vector>

namespace delta::bench {

/// Requests at a fixed rate, whatever the replies do. A request that had to wait for its turn has
/// waited in its latency too: it counts from the time at which the request was due.
class OpenRun final : public LoadRun
{
public:
    explicit OpenRun(const LoadOptions &options);

private:
    void execute() override;
    void onReply(ClientConnection &connection) override;
    void onGone(ClientConnection &connection) override;

    void beginDue(std::int64_t now);
    void beginRequest(std::int64_t dueNs);

    std::vector<std::size_t> m_idle; ///< Slots with an idle connection; the last used is used next.
    std::vector<std::size_t> m_empty; ///< Slots without a connection.
    std::int64_t m_recordFromNs = 0;
    std::int64_t m_nextDueNs = 0;
    std::int64_t m_endNs = 0;
    std::int64_t m_underWay = 0;
};

} // namespace delta::bench

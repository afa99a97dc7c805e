#pragma once

#include "tests/bench/load/load_run.h"

namespace delta::bench {

/// A fixed number of connections, each of which always has one request under way.
class ClosedRun final : public LoadRun
{
public:
    explicit ClosedRun(const LoadOptions &options);

private:
    void execute() override;
    void onReply(ClientConnection &connection) override;
    void onGone(ClientConnection &connection) override;

    void beginSlots(std::int64_t now);
    void beginRequest(ClientConnection &connection, std::int64_t dueNs);
    [[nodiscard]] bool mayBegin() const;
    [[nodiscard]] std::int64_t slotBeginNs(std::size_t slot) const;

    std::int64_t m_beginNs = 0;
    std::int64_t m_endNs = 0;
    std::int64_t m_requestsBegun = 0;
    std::size_t m_slotsBegun = 0;
    std::size_t m_slotsWorking = 0;
};

} // namespace delta::bench

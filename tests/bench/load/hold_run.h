#pragma once

#include "tests/bench/load/load_run.h"

#include <vector>

namespace delta::bench {

/// Opens connections, uses each once, says `ready`, and holds them until standard input ends.
/// A stream is held after its first event, any other connection after its reply.
class HoldRun final : public LoadRun, private EpollLoop::Handler
{
public:
    explicit HoldRun(const LoadOptions &options);

private:
    void execute() override;
    void onFirstEvent(ClientConnection &connection) override;
    void onReply(ClientConnection &connection) override;
    void onGone(ClientConnection &connection) override;
    void onEvents(std::uint32_t events) override;

    void openMore();
    void settle(std::size_t slot);

    std::vector<bool> m_isSettled; ///< By slot: held by now, or failed.
    std::size_t m_begun = 0;
    std::size_t m_settled = 0;
    bool m_isReleased = false; ///< Standard input has ended.
};

} // namespace delta::bench

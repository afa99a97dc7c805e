#pragma once

#include "gateway/limits/grant_keeper.h"
#include "gateway/net/event_loop.h"
#include "gateway/pipeline/task.h"
#include "shared/core/money.h"
#include "shared/core/result.h"

#include <QString>

#include <chrono>
#include <vector>

namespace delta::pipeline {

/// Where calls of one loop thread wait for the database that gateways share, when a budget lacks room. One
/// per loop thread.
class GrantDesk
{
public:
    /// Both outlive the desk, and the keeper's thread ends before the loop does.
    GrantDesk(limits::GrantKeeper &keeper, net::EventLoop &loop)
        : m_keeper(keeper)
        , m_loop(loop)
    {
    }

    /// For how long a call waits for room, however often it asks.
    static constexpr std::chrono::seconds patience{1};

    /// Asks for so much more of each of the budgets, and waits for the answer for what is left of the call's patience.
    /// Where nothing is left nobody is asked.
    /// Errors: StoreUnavailable if there is none in time.
    [[nodiscard]] Task<Result<void>> ask(std::vector<QString> ids, Money amount,
                                         std::chrono::milliseconds patienceLeft);

private:
    limits::GrantKeeper &m_keeper;
    net::EventLoop &m_loop;
};

} // namespace delta::pipeline

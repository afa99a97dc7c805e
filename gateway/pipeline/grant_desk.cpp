#include "gateway/pipeline/grant_desk.h"

#include "gateway/pipeline/wakeup.h"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace delta::pipeline {

using namespace Qt::StringLiterals;

namespace {

struct Waiting {
    Wakeup wakeup;
    std::optional<Result<void>> result;

    void end(const Result<void> &outcome)
    {
        if (!result) {
            result = outcome;
            wakeup.notify();
        }
    }
};

ApiError tooLate()
{
    return ApiError::storeUnavailable(u"A budget of this call is shared with other gateways, and "
                                      u"the database that says how much of it is "
                                      "left is too slow. Try again shortly."_s);
}

/// `reason` is for the log.
ApiError noAnswer(const ApiError &reason)
{
    return ApiError::storeUnavailable(u"A budget of this call is shared with other gateways, and "
                                      u"the database that says how much of it is "
                                      "left does not answer. Try again shortly."_s,
                                      reason.message + u' ' + reason.detail);
}

} // namespace

Task<Result<void>> GrantDesk::ask(std::vector<QString> ids, Money amount,
                                  std::chrono::milliseconds patienceLeft)
{
    if (patienceLeft <= std::chrono::milliseconds(0)) {
        co_return failure(tooLate());
    }
    // The answer may come when the call has stopped waiting for it.
    const auto waiting = std::make_shared<Waiting>();
    net::Timer timer(m_loop.timers(), [waiting] { waiting->end(failure(tooLate())); });
    timer.start(patienceLeft);
    m_keeper.ask(ids, amount, [waiting, &loop = m_loop](const Result<void> &result) {
        loop.post([waiting, result] { waiting->end(result.transform_error(noAnswer)); });
    });
    while (!waiting->result) {
        co_await waiting->wakeup.wait();
    }
    timer.stop();
    co_return *waiting->result;
}

} // namespace delta::pipeline

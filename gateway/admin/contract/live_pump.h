#pragma once

#include "gateway/admin/access/caller.h"
#include "gateway/admin/contract/answer.h"
#include "gateway/net/timer_wheel.h"
#include "gateway/ports/background.h"
#include "gateway/ports/http_reply.h"
#include "shared/core/result.h"

#include <functional>
#include <memory>

namespace delta::admin {

/// What an answer that goes on lives on. Borrowed; outlives it.
struct LiveGround {
    ports::Background &background;
    net::TimerWheel &timers;        ///< Of the loop thread of the request.
    std::function<bool()> isEnding; ///< Whether the gateway is told to stop.
    std::function<Result<Caller>()>
        caller; ///< Who asks, and whether they still may; as LiveSource::look().
};

/// Sends an answer that goes on: looks each second for what happened, and writes it. Says now and then that it is still
/// there, so that no proxy takes it for dead. Ends when the client leaves or reads nothing, when who asks may no more,
/// when the store fails and when the gateway stops; the client then asks anew. Called on the loop thread of the request.
void pumpLive(LiveGround ground, std::unique_ptr<ports::HttpReply> reply, const Answer &answer);

} // namespace delta::admin

#pragma once

#include "gateway/admin/contract/answer.h"
#include "gateway/ports/background.h"
#include "gateway/ports/http_reply.h"

#include <memory>

namespace delta::admin {

/// Sends an answer whose body is a stream: one piece after the other, as fast as the client reads, so that no more than
/// a piece is ever in memory. Begins with the head, and ends by itself. `background` outlives it. Called on the loop
/// thread of the request.
void pumpAnswer(ports::Background &background, std::unique_ptr<ports::HttpReply> reply,
                const Answer &answer);

} // namespace delta::admin

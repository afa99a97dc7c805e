#pragma once

#include "gateway/admin/contract/answer.h"
#include "gateway/auth/principal.h"
#include "gateway/openai/operation.h"
#include "gateway/ports/endpoint.h"
#include "gateway/ports/http_reply.h"
#include "gateway/ports/http_request.h"
#include "shared/core/result.h"

#include <QByteArray>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace delta::admin {

/// A call to a model by which a request of the admin API is answered. The pipeline makes it like those of clients:
/// with limits, budgets and a record of what it cost.
struct ModelErrand {
    auth::Principal principal;
    openai::Operation operation = openai::Operation::ChatCompletion;
    QByteArray deploymentId; ///< It goes to this deployment; empty: routing chooses.
    std::shared_ptr<const ports::Endpoint>
        endpoint;                   ///< It goes here, which is in no catalog; null likewise.
    std::optional<QByteArray> body; ///< What is asked; absent: the body of the request.
    /// Makes an answer of what came back, on the thread that owns the store. Null: that goes to the client as it comes.
    std::function<Result<Answer>(int status, const QByteArray &body,
                                 std::chrono::microseconds took)>
        conclude;
};

/// Has the pipeline of this loop make a call.
using ModelDoor = std::function<void(const ModelErrand &errand, ports::HttpRequest request,
                                     std::unique_ptr<ports::HttpReply> reply)>;

} // namespace delta::admin

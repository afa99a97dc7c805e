#pragma once

#include "gateway/openai/model_request.h"
#include "gateway/ports/endpoint.h"
#include "gateway/ports/upstream_client.h"
#include "gateway/providers/answer_decoder.h"
#include "shared/core/clock.h"

#include <memory>
#include <optional>

namespace delta::providers {

/// How to speak to one kind of provider: requests out, answers in. Pure; shared by all threads.
class Dialect
{
public:
    virtual ~Dialect() = default;
    /// Writes the request for an endpoint. Its body may point into `request.body`, which must
    /// outlive it.
    [[nodiscard]] virtual ports::UpstreamRequest write(
        const ports::Endpoint &endpoint, const openai::ModelRequest &request) const = 0;
    /// Makes the decoder for the body of a 2xx answer of at most `maxBytes`.
    /// Errors: UpstreamInvalid if, by its head, the body cannot be what was asked for.
    [[nodiscard]] virtual Result<std::unique_ptr<AnswerDecoder>> decoder(
        const ports::UpstreamHead &head, const openai::ModelRequest &request,
        qsizetype maxBytes) const = 0;
    /// Reads an answer that is not 2xx.
    [[nodiscard]] virtual ApiError readError(const ports::UpstreamHead &head,
                                             QByteArrayView body) const = 0;
};

/// An answer that is made on the spot, event by event, as the reader takes them.
class LocalAnswer
{
public:
    virtual ~LocalAnswer() = default;
    /// Returns the next event, or nothing at the end.
    [[nodiscard]] virtual std::optional<ModelEvent> next() = 0;
    [[nodiscard]] virtual const AnswerState &state() const = 0;
};

/// A model inside the gateway, which needs no network. Pure; shared by all threads.
class LocalModel
{
public:
    virtual ~LocalModel() = default;
    /// Begins an answer. `id` is the id of the call, `now` the time that goes into the answer.
    /// Errors: InvalidRequest naming the field that asks for more than the model gives.
    [[nodiscard]] virtual Result<std::unique_ptr<LocalAnswer>> answer(
        const openai::ModelRequest &request, QByteArrayView id, WallTime now) const = 0;
};

} // namespace delta::providers

#pragma once

#include "gateway/openai/model_request.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QByteArrayView>

namespace delta::openai {

/// Returns the events with which a stream that the gateway cuts off says so: one for each answer, with
/// nothing in it but the finish reason "length". `id` is the id of the call.
[[nodiscard]] QByteArray stopEvents(const ModelRequest &request, QByteArrayView id, WallTime now);

} // namespace delta::openai

#pragma once

#include "gateway/ports/http_reply.h"
#include "shared/core/api_error.h"

#include <QJsonObject>

namespace delta::admin {

/// Answers with a JSON body.
void sendJson(ports::HttpReply &reply, int status, const QByteArray &body);
void sendJson(ports::HttpReply &reply, int status, const QJsonObject &body);

/// Answers with an error in the one shape that all errors have.
void sendError(ports::HttpReply &reply, const ApiError &error);

} // namespace delta::admin

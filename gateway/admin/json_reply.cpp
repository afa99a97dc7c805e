#include "gateway/admin/json_reply.h"

#include "gateway/openai/error_body.h"

#include <QJsonDocument>

namespace delta::admin {

using namespace Qt::StringLiterals;

void sendJson(ports::HttpReply &reply, int status, const QByteArray &body)
{
    reply.send(status, {{"content-type"_ba, "application/json"_ba}}, body);
}

void sendJson(ports::HttpReply &reply, int status, const QJsonObject &body)
{
    sendJson(reply, status, QJsonDocument(body).toJson(QJsonDocument::Compact));
}

void sendError(ports::HttpReply &reply, const ApiError &error)
{
    ports::HeaderList fields{{"content-type"_ba, "application/json"_ba}};
    if (const QByteArray wait = openai::retryAfterValue(error); !wait.isEmpty()) {
        fields.emplace_back("retry-after"_ba, wait);
    }
    reply.send(error.status(), fields, openai::errorBody(error));
}

} // namespace delta::admin

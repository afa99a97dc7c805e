#include "gateway/pipeline/model_listing.h"

#include "gateway/openai/error_body.h"
#include "gateway/openai/json_document.h"

namespace delta::pipeline {

using namespace Qt::StringLiterals;

namespace {

void send(ports::HttpReply &reply, const QByteArray &body)
{
    reply.send(200, {{"content-type"_ba, "application/json"_ba}}, body);
}

void sendError(ports::HttpReply &reply, const ApiError &error)
{
    reply.send(error.status(), {{"content-type"_ba, "application/json"_ba}},
               openai::errorBody(error));
}

} // namespace

ModelListing::ModelListing(const Parts &parts)
    : m_parts(parts)
    , m_created(QByteArray::number(
          std::chrono::floor<std::chrono::seconds>(parts.clock.wall()).time_since_epoch().count()))
{
}

QByteArray ModelListing::describe(QByteArrayView model) const
{
    return R"({"id":)" + openai::jsonString(model) + R"(,"object":"model","created":)" + m_created
        + R"(,"owned_by":"deltallm"})";
}

void ModelListing::list(const ports::HttpRequest &request, ports::HttpReply &reply) const
{
    const Result<auth::Principal> principal = m_parts.authenticator.identify(request);
    if (!principal) {
        sendError(reply, principal.error());
        return;
    }
    QByteArray data;
    const SnapshotPtr snapshot = m_parts.snapshots.current();
    for (const QByteArray &model : snapshot->catalog.models()) {
        if (m_parts.permissions.allows(*principal, model)) {
            data += (data.isEmpty() ? "" : ",") + describe(model);
        }
    }
    send(reply, R"({"object":"list","data":[)" + data + "]}");
}

void ModelListing::show(const ports::HttpRequest &request, QByteArrayView model,
                        ports::HttpReply &reply) const
{
    const Result<auth::Principal> principal = m_parts.authenticator.identify(request);
    if (!principal) {
        sendError(reply, principal.error());
        return;
    }
    const SnapshotPtr snapshot = m_parts.snapshots.current();
    if (!snapshot->catalog.serves(model) || !m_parts.permissions.allows(*principal, model)) {
        sendError(reply, ApiError::modelNotFound(QString::fromUtf8(model)));
        return;
    }
    send(reply, describe(model));
}

} // namespace delta::pipeline

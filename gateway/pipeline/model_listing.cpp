#include "gateway/pipeline/model_listing.h"

#include "gateway/openai/error_body.h"
#include "gateway/openai/json_document.h"

#include <optional>
#include <utility>

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

void ModelListing::list(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) const
{
    serve(std::move(request), std::move(reply),
          [this](const auth::Principal &principal) { return all(principal); });
}

void ModelListing::show(ports::HttpRequest request, QByteArray model,
                        std::unique_ptr<ports::HttpReply> reply) const
{
    serve(std::move(request), std::move(reply),
          [this, model = std::move(model)](const auth::Principal &principal) {
              return one(principal, model);
          });
}

Task<> ModelListing::serve(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply,
                           Describe describe) const
{
    std::optional<Result<auth::Principal>> caller = m_parts.callers
        ? m_parts.callers->identify(request)
        : m_parts.authenticator.identify(request);
    if (!caller) {
        caller = co_await m_parts.callers->identifyLater(request);
    }
    const Result<QByteArray> body = caller->and_then(describe);
    if (body) {
        send(*reply, *body);
    } else {
        sendError(*reply, body.error());
    }
}

QByteArray ModelListing::all(const auth::Principal &principal) const
{
    QByteArray data;
    const SnapshotPtr snapshot = m_parts.snapshots.current();
    for (const QByteArray &model : snapshot->catalog.models()) {
        if (m_parts.permissions.allows(principal, model)) {
            data += (data.isEmpty() ? "" : ",") + describe(model);
        }
    }
    return R"({"object":"list","data":[)" + data + "]}";
}

Result<QByteArray> ModelListing::one(const auth::Principal &principal, QByteArrayView model) const
{
    const SnapshotPtr snapshot = m_parts.snapshots.current();
    if (!snapshot->catalog.serves(model) || !m_parts.permissions.allows(principal, model)) {
        return failure(ApiError::modelNotFound(QString::fromUtf8(model)));
    }
    return describe(model);
}

} // namespace delta::pipeline

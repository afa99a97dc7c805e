#include "gateway/admin/api_job.h"

#include "gateway/admin/json_reply.h"
#include "gateway/openai/json_document.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <utility>

namespace delta::admin {

namespace {

QByteArray bodyOf(const QJsonValue &json)
{
    const QJsonDocument document = json.isArray() ? QJsonDocument(json.toArray())
                                                  : QJsonDocument(json.toObject());
    return document.toJson(QJsonDocument::Compact);
}

} // namespace

Result<void> requireMaster(const auth::Authenticator &authenticator,
                           const auth::Permissions &permissions, const ports::HttpRequest &request)
{
    TRY(const auth::Principal principal, authenticator.identify(request));
    return permissions.requireMaster(principal);
}

AuditEvent masterOf(const ports::HttpRequest &request)
{
    AuditEvent actor;
    actor.actorKind = AuditActor::MasterKey;
    actor.actorName = masterKeyName;
    actor.authMethod = QStringLiteral("master_key");
    actor.ip = QString::fromLatin1(request.peer);
    actor.userAgent = QString::fromUtf8(request.header("user-agent").value_or(QByteArrayView()));
    actor.requestId = QString::fromLatin1(request.id);
    return actor;
}

void answer(ports::Background &background, std::unique_ptr<ports::HttpReply> reply, Job job)
{
    answerText(background, std::move(reply),
               [job = std::move(job)] { return job().transform(bodyOf); });
}

void answerText(ports::Background &background, std::unique_ptr<ports::HttpReply> reply, TextJob job)
{
    struct State {
        std::unique_ptr<ports::HttpReply> reply;
        Result<QByteArray> body = QByteArray();
    };
    auto state = std::make_shared<State>(std::move(reply));
    background.run([state, job = std::move(job)] { state->body = job(); },
                   [state] {
                       if (state->body) {
                           sendJson(*state->reply, 200, *state->body);
                       } else {
                           sendError(*state->reply, state->body.error());
                       }
                   });
}

/// The strict check comes first, because Qt's parser forgives duplicates.
Result<QJsonObject> readObject(const QByteArray &body)
{
    TRY([[maybe_unused]] const auto checked, openai::JsonDocument::check(body));
    return QJsonDocument::fromJson(body).object();
}

QJsonObject withoutNulls(QJsonObject object)
{
    for (const QString &name : object.keys()) {
        if (object.value(name).isNull()) {
            object.remove(name);
        }
    }
    return object;
}

} // namespace delta::admin

#pragma once

#include "gateway/admin/json_reply.h"
#include "gateway/auth/authenticator.h"
#include "gateway/auth/permissions.h"
#include "gateway/ports/actor_seat.h"
#include "gateway/ports/background.h"
#include "gateway/ports/http_request.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QLatin1StringView>
#include <QString>

#include <functional>
#include <memory>
#include <utility>

namespace delta::admin {

/// What an endpoint does where it may block; gives the object or the array to answer with.
using Job = std::function<Result<QJsonValue>()>;
/// The same, where the answer is long; gives its text.
using TextJob = std::function<Result<QByteArray>()>;

/// How the one who holds the master key is called in what is kept for people.
inline constexpr QLatin1StringView masterKeyName("master key");

/// Lets only the master pass. Errors: those of Authenticator::identify(); PermissionDenied.
[[nodiscard]] Result<void> requireMaster(const auth::Authenticator &authenticator,
                                         const auth::Permissions &permissions,
                                         const ports::HttpRequest &request);

/// Returns what the audit log is told of whoever sent a request with the master key.
[[nodiscard]] AuditEvent masterOf(const ports::HttpRequest &request);

/// Returns the work such that what it changes is recorded as done by `actor`; `seat` is borrowed.
template <typename Work>
[[nodiscard]] auto doneBy(AuditEvent actor, ports::ActorSeat &seat, Work work)
{
    return [&seat, actor = std::move(actor), work = std::move(work)](const auto &...wanted) {
        const ports::Seated seated(seat, actor);
        return work(wanted...);
    };
}

/// Does the job in the background, then sends what it gave, or its error, on this loop thread.
void answer(ports::Background &background, std::unique_ptr<ports::HttpReply> reply, Job job);

/// Does the job in the background, then sends what it gave, or its error, on this loop thread.
void answerText(ports::Background &background, std::unique_ptr<ports::HttpReply> reply,
                TextJob job);

/// Answers a request with what `work` gives for it in the background; at once with the error, if it was not
/// understood or not allowed.
template <typename Request, typename Work>
void answerTo(const Result<Request> &request, std::unique_ptr<ports::HttpReply> reply,
              ports::Background &background, Work work)
{
    if (!request) {
        sendError(*reply, request.error());
        return;
    }
    answer(background, std::move(reply),
           [work = std::move(work), wanted = *request]() -> Result<QJsonValue> {
               return work(wanted);
           });
}

/// Reads a small body that must be an object. Errors: InvalidRequest.
[[nodiscard]] Result<QJsonObject> readObject(const QByteArray &body);

/// Returns the object without its members that are null: in a request to make something there is
/// nothing that null could take away. Clients send it for all that they do not set, also for what
/// is not supported here.
[[nodiscard]] QJsonObject withoutNulls(QJsonObject object);

} // namespace delta::admin

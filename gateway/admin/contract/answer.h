#pragma once

#include "gateway/ports/http_reply.h"
#include "shared/core/api_error.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QLatin1StringView>
#include <QtTypes>

#include <memory>

namespace delta::admin {

class AnswerStream;
class LiveSource;
struct ModelErrand;

/// A whole answer of the admin API.
struct Answer {
    int status = 200;
    ports::HeaderList headers;
    QByteArray body;
    /// Set: a call to a model makes the answer, and there is no other.
    std::shared_ptr<const ModelErrand> errand{};
    /// Set: the body comes from it, and not from `body`.
    std::shared_ptr<AnswerStream> stream{};
    /// Set: the body comes from it, and ends when the client leaves.
    std::shared_ptr<LiveSource> live{};
};

/// Makes an answer of JSON. Answers of the admin API are never kept by caches.
[[nodiscard]] Answer jsonAnswer(const QJsonObject &body, int status = 200);
/// The same, of a text that is JSON already.
[[nodiscard]] Answer jsonAnswer(const QByteArray &body, int status = 200);
[[nodiscard]] Answer jsonAnswer(const QJsonArray &body, int status = 200);
/// Makes the answer that has nothing to say.
[[nodiscard]] Answer emptyAnswer();
/// Makes the answer that an object was made, with where it is.
[[nodiscard]] Answer createdAnswer(const QJsonObject &body, const QString &location);

/// Makes the answer for an error: problem details (RFC 9457), with the field, the code and the id of the request.
[[nodiscard]] Answer problemAnswer(const ApiError &error, QByteArrayView requestId);

/// Makes the answer that is a file of a list: `name` without its ending.
[[nodiscard]] Answer fileAnswer(const QByteArray &type, const QString &fileName,
                                std::shared_ptr<AnswerStream> stream);

/// Makes the answer that is a stream of events.
[[nodiscard]] Answer liveAnswer(std::shared_ptr<LiveSource> source);

/// Adds the ETag of an object's revision to an answer.
[[nodiscard]] Answer withRevision(Answer answer, qint64 revision);

/// Sends an answer.
void send(ports::HttpReply &reply, const Answer &answer);

} // namespace delta::admin

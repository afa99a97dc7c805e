#include "gateway/admin/contract/answer.h"

#include "gateway/admin/contract/revision.h"
#include "gateway/openai/error_body.h"

#include <QJsonDocument>
#include <QJsonValue>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

/// Returns the short text that all errors of a kind have.
QString titleOf(const ApiError &error)
{
    switch (error.status()) {
    case 400:
        return u"The request is not valid"_s;
    case 401:
        return u"Nobody is logged in"_s;
    case 403:
        return u"This is not allowed"_s;
    case 404:
        return u"There is no such thing"_s;
    case 405:
        return u"The path has no such method"_s;
    case 409:
        return u"Something stands against it"_s;
    case 412:
        return u"It was changed meanwhile"_s;
    case 413:
        return u"The request is too large"_s;
    case 429:
        return u"Too much at once"_s;
    case 503:
        return u"The gateway cannot do it now"_s;
    default:
        return u"Something went wrong"_s;
    }
}

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

} // namespace

Answer jsonAnswer(const QByteArray &body, int status)
{
    return {status,
            {{"content-type"_ba, "application/json"_ba}, {"cache-control"_ba, "no-store"_ba}},
            body};
}

Answer jsonAnswer(const QJsonObject &body, int status)
{
    return jsonAnswer(QJsonDocument(body).toJson(QJsonDocument::Compact), status);
}

Answer jsonAnswer(const QJsonArray &body, int status)
{
    return jsonAnswer(QJsonDocument(body).toJson(QJsonDocument::Compact), status);
}

Answer emptyAnswer()
{
    return {204, {{"cache-control"_ba, "no-store"_ba}}, {}};
}

Answer createdAnswer(const QJsonObject &body, const QString &location)
{
    Answer answer = jsonAnswer(body, 201);
    answer.headers.emplace_back("location"_ba, location.toUtf8());
    return answer;
}

Answer problemAnswer(const ApiError &error, QByteArrayView requestId)
{
    const QString code = error.codeText();
    const QJsonObject problem{
        {"type"_L1, code.isEmpty() ? u"about:blank"_s : u"/ui/api/docs#error-"_s + code},
        {"title"_L1, titleOf(error)},
        {"status"_L1, error.status()},
        {"detail"_L1, error.message},
        {"code"_L1, textOrNull(code)},
        {"param"_L1, textOrNull(error.param)},
        {"request_id"_L1, QString::fromLatin1(requestId)}};
    Answer answer{
        error.status(),
        {{"content-type"_ba, "application/problem+json"_ba}, {"cache-control"_ba, "no-store"_ba}},
        QJsonDocument(problem).toJson(QJsonDocument::Compact)};
    if (const QByteArray wait = openai::retryAfterValue(error); !wait.isEmpty()) {
        answer.headers.emplace_back("retry-after"_ba, wait);
    }
    return answer;
}

Answer fileAnswer(const QByteArray &type, const QString &fileName,
                  std::shared_ptr<AnswerStream> stream)
{
    return {
        .status = 200,
        .headers = {{"content-type", type},
                    {"content-disposition", "attachment; filename=\"" + fileName.toLatin1() + '"'},
                    {"cache-control", "no-store"}},
        .body = {},
        .errand = nullptr,
        .stream = std::move(stream)};
}

Answer liveAnswer(std::shared_ptr<LiveSource> source)
{
    Answer answer;
    answer.headers = {{"content-type", "text/event-stream"},
                      {"cache-control", "no-store"},
                      {"x-accel-buffering", "no"}}; // nginx would keep events back.
    answer.live = std::move(source);
    return answer;
}

Answer withRevision(Answer answer, qint64 revision)
{
    answer.headers.emplace_back("etag"_ba, revisionTag(revision));
    return answer;
}

void send(ports::HttpReply &reply, const Answer &answer)
{
    reply.send(answer.status, answer.headers, answer.body);
}

} // namespace delta::admin

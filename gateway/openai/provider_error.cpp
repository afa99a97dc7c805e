#include "gateway/openai/provider_error.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QRegularExpression>
#include <QTimeZone>

#include <algorithm>

namespace delta::openai {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxMessage = 512;
constexpr qsizetype maxParsed = 64 * 1024;
constexpr int64_t longestWait = 24 * 60 * 60;

/// The members of an error object that are passed on.
struct ErrorFields {
    QString message;
    QString param;
    QString code;
};

QString textOf(const QJsonValue &value)
{
    return value.isDouble() ? QString::number(value.toInteger()) : value.toString();
}

/// Finds the first sentence in a text, in an object's `message`, `msg` or `detail`, or in a list of such.
QString sentenceIn(const QJsonValue &value, int depth = 0)
{
    constexpr int deepest = 4; // FastAPI's {"detail":[{"msg":…}]}, with a message around it.
    if (value.isString() || depth == deepest) {
        return value.toString();
    }
    if (value.isArray()) {
        return sentenceIn(value.toArray().first(), depth + 1);
    }
    for (const QLatin1StringView name : {"message"_L1, "msg"_L1, "detail"_L1}) {
        if (const QString found = sentenceIn(value.toObject().value(name), depth + 1);
            !found.isEmpty()) {
            return found;
        }
    }
    return {};
}

/// Finds the message in the shapes that providers use: {"error":{…}}, {"error":"…"}, {"message":…},
/// {"detail":…}, each also as the only element of a list.
ErrorFields readFields(QByteArrayView body)
{
    const QJsonDocument document = QJsonDocument::fromJson(
        body.first(std::min(body.size(), maxParsed)).toByteArray());
    const QJsonObject root = document.isArray() ? document.array().first().toObject()
                                                : document.object();
    const QJsonValue error = root.value("error"_L1);
    const QJsonObject object = error.isObject() ? error.toObject() : root;
    return {sentenceIn(error.isString() ? error : QJsonValue(object)),
            object.value("param"_L1).toString(), textOf(object.value("code"_L1))};
}

ErrorKind kindOf(int status)
{
    if (status == 401 || status == 403) {
        return ErrorKind::UpstreamAuth;
    }
    if (status == 429) {
        return ErrorKind::UpstreamRateLimited;
    }
    if (status == 408) {
        return ErrorKind::UpstreamTimeout;
    }
    if (status >= 400 && status < 500) {
        return ErrorKind::UpstreamRejected;
    }
    return status >= 500 ? ErrorKind::UpstreamFailed : ErrorKind::UpstreamInvalid;
}

QString defaultMessage(int status)
{
    if (status >= 300 && status < 400) {
        return u"The provider answered with a redirect, which is never followed; check the deployment's api_base."_s;
    }
    return u"The provider answered with HTTP status %1."_s.arg(status);
}

/// Reads e.g. "Sun, 06 Nov 1994 08:49:37 GMT"; invalid if it is none.
QDateTime httpDate(QByteArrayView text)
{
    constexpr qsizetype length = 29;
    const QByteArrayView trimmed = text.trimmed();
    if (trimmed.size() != length) {
        return {};
    }
    QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(trimmed),
                                             u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s);
    date.setTimeZone(QTimeZone::UTC);
    return date;
}

} // namespace

ApiError providerError(int status, QByteArrayView body,
                       std::optional<std::chrono::seconds> retryAfter)
{
    const ErrorKind kind = kindOf(status);
    // Not the body itself: it may quote the prompt, which no log is to have.
    const QString detail = u"status %1 with %2 bytes"_s.arg(status).arg(body.size());
    if (kind == ErrorKind::UpstreamAuth) {
        // The provider's own words name the credential more often than not.
        ApiError error = ApiError::upstream(
            kind, u"The provider refused the gateway's credentials."_s, detail);
        error.upstreamStatus = status;
        return error;
    }
    const ErrorFields fields = readFields(body);
    const QString message = cleanMessage(fields.message.toUtf8());
    ApiError error = ApiError::upstream(kind, message.isEmpty() ? defaultMessage(status) : message,
                                        detail);
    error.upstreamStatus = status;
    error.retryAfter = retryAfter;
    if (kind == ErrorKind::UpstreamRejected || kind == ErrorKind::UpstreamRateLimited) {
        error.param = cleanMessage(fields.param.toUtf8());
        error.code = cleanMessage(fields.code.toUtf8());
    }
    return error;
}

std::optional<std::chrono::seconds> readRetryAfter(QByteArrayView value, QByteArrayView date)
{
    bool isNumber = false;
    qint64 seconds = value.trimmed().toLongLong(&isNumber);
    if (!isNumber) {
        const QDateTime then = httpDate(value);
        const QDateTime now = httpDate(date);
        if (!then.isValid() || !now.isValid()) {
            return std::nullopt;
        }
        // A moment that has passed is now.
        seconds = std::max<qint64>(now.secsTo(then), 0);
    }
    if (seconds < 0) {
        return std::nullopt;
    }
    return std::chrono::seconds(std::min<qint64>(seconds, longestWait));
}

void hideTexts(ApiError &error, std::initializer_list<QByteArrayView> secrets)
{
    // What is shorter is a word, and no secret.
    constexpr qsizetype shortest = 8;
    for (const QByteArrayView secret : secrets) {
        if (secret.size() >= shortest) {
            const QString text = QString::fromUtf8(secret);
            for (QString *field : {&error.message, &error.param, &error.code}) {
                field->replace(text, u"[redacted]"_s);
            }
        }
    }
}

QString cleanMessage(QByteArrayView text)
{
    // A word with a digit or a star in it, so that task_manager and risk-assessment stay what they are.
    static const QRegularExpression secrets(
        uR"((?<![A-Za-z0-9])(?:sk|pk|rk|gsk|xai|key)[-_](?=[A-Za-z_\-]*[0-9*])[A-Za-z0-9*_\-]{6,})"
        uR"(|(?<![A-Za-z0-9])sk-[A-Za-z_\-]{16,}|AIza[\w\-]{10,}|(?i:bearer)\s+\S+)"_s);
    static const QRegularExpression addresses(
        uR"(https?://\S+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\[[0-9A-Fa-f:]{3,}\](?::\d+)?)"
        uR"(|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){4,7}[0-9A-Fa-f]{1,4}(?![\w:]))"
        uR"(|(?<![\w:])[0-9A-Fa-f:]*::[0-9A-Fa-f:]*(?![\w:]))"
        uR"(|\b[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+:\d{2,5}\b)"_s);
    QString clean = QString::fromUtf8(text.first(std::min(text.size(), 4 * maxMessage)));
    for (QChar &character : clean) {
        if (character.category() == QChar::Other_Control
            || character.category() == QChar::Other_Format) {
            character = u' ';
        }
    }
    clean.replace(secrets, u"[redacted]"_s);
    clean.replace(addresses, u"[address]"_s);
    clean = clean.trimmed();
    return clean.size() > maxMessage ? clean.first(maxMessage) + u"…"_s : clean;
}

} // namespace delta::openai

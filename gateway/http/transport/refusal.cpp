#include "gateway/http/transport/refusal.h"

#include "gateway/openai/error_body.h"

namespace delta::http {

namespace {

QByteArrayView bytes(QLatin1StringView text)
{
    return {text.data(), text.size()};
}

QByteArrayView reasonPhrase(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 408:
        return "Request Timeout";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 417:
        return "Expectation Failed";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Internal Server Error";
    }
}

} // namespace

QByteArray renderRefusal(const Refusal &refusal, QByteArrayView requestId, QByteArrayView date)
{
    const QByteArray body = openai::errorBody(
        {bytes(refusal.message), bytes(refusal.type), {}, bytes(refusal.code)});
    QByteArray reply = "HTTP/1.1 " + QByteArray::number(refusal.status) + ' ';
    reply += reasonPhrase(refusal.status);
    reply += "\r\ncontent-type: application/json\r\ncontent-length: "
        + QByteArray::number(body.size());
    reply += "\r\ndate: ";
    reply += date;
    reply += "\r\nx-request-id: ";
    reply += requestId;
    if (refusal.retryAfterSeconds > 0) {
        reply += "\r\nretry-after: " + QByteArray::number(refusal.retryAfterSeconds);
    }
    reply += "\r\nconnection: close\r\n\r\n";
    return reply + body;
}

} // namespace delta::http

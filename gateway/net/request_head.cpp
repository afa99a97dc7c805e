#include "gateway/net/request_head.h"

#include "gateway/net/http_syntax.h"

#include <algorithm>
#include <array>

namespace delta::net {

using namespace Qt::StringLiterals;

namespace {

/// Says whether the client writes this field itself.
bool isOurs(QByteArrayView name)
{
    constexpr std::array<const char *, 6> ours{"host",       "content-length", "transfer-encoding",
                                               "connection", "expect",         "upgrade"};
    return std::ranges::any_of(
        ours, [name](const char *each) { return name.compare(each, Qt::CaseInsensitive) == 0; });
}

} // namespace

std::optional<QString> requestProblem(const ports::UpstreamRequest &request)
{
    if (request.method.isEmpty() || !hasOnlyTokenBytes(request.method)
        || request.method == "CONNECT") {
        return u"the method is not one that can be sent"_s;
    }
    if (!request.path.startsWith('/') || !hasOnlyVisibleBytes(request.path)) {
        return u"the path is not a path"_s;
    }
    if (request.origin.host.isEmpty() || !hasOnlyVisibleBytes(request.origin.host)) {
        return u"the host is not a host"_s;
    }
    for (const auto &[name, value] : request.fields) {
        if (name.isEmpty() || !hasOnlyTokenBytes(name) || isOurs(name)) {
            return u"the field name is not allowed: "_s
                + QString::fromLatin1(name.toPercentEncoding());
        }
        if (!hasOnlyValueBytes(value)) {
            return u"the field value has control characters: "_s + QString::fromLatin1(name);
        }
    }
    return std::nullopt;
}

qsizetype bodySize(const ports::UpstreamRequest &request)
{
    qsizetype size = 0;
    for (const QByteArray &piece : request.body) {
        size += piece.size();
    }
    return size;
}

bool hasContentLength(const ports::UpstreamRequest &request)
{
    return bodySize(request) > 0 || request.method == "POST" || request.method == "PUT"
        || request.method == "PATCH";
}

QByteArray authority(const ports::Origin &origin)
{
    const QByteArray host = origin.host.contains(':') ? '[' + origin.host + ']' : origin.host;
    const quint16 usualPort = origin.scheme == ports::Scheme::Https ? 443 : 80;
    return origin.port == usualPort ? host : host + ':' + QByteArray::number(origin.port);
}

QByteArray writeRequestHead(const ports::UpstreamRequest &request)
{
    QByteArray head;
    head.reserve(512);
    head.append(request.method).append(' ').append(request.path).append(" HTTP/1.1\r\nHost: ");
    head.append(authority(request.origin)).append("\r\n");
    for (const auto &[name, value] : request.fields) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
    if (hasContentLength(request)) {
        head.append("Content-Length: ")
            .append(QByteArray::number(bodySize(request)))
            .append("\r\n");
    }
    head.append("\r\n");
    return head;
}

} // namespace delta::net

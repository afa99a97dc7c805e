#include "gateway/identity/origin_check.h"

#include <QByteArrayView>

#include <algorithm>

namespace delta::identity {

using namespace Qt::StringLiterals;

namespace {

bool onlyReads(QByteArrayView method)
{
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

qsizetype countOf(const ports::HttpRequest &request, QByteArrayView name)
{
    return std::ranges::count_if(request.fields, [name](const auto &field) {
        return field.first.compare(name, Qt::CaseInsensitive) == 0;
    });
}

/// Says whether the origin is the host that was asked, whatever the scheme: that of a proxy in front is not known.
bool isHost(QByteArrayView origin, const ports::HttpRequest &request)
{
    const qsizetype authority = origin.indexOf("://");
    const auto host = request.header("host");
    return authority > 0 && host && !host->isEmpty()
        && origin.sliced(authority + 3).compare(*host, Qt::CaseInsensitive) == 0;
}

bool isOwn(QByteArrayView origin, const ports::HttpRequest &request, const QByteArrayList &origins)
{
    if (origins.isEmpty()) {
        return isHost(origin, request);
    }
    return std::ranges::any_of(origins, [origin](const QByteArray &own) {
        return origin.compare(own, Qt::CaseInsensitive) == 0;
    });
}

bool isFromOwnPage(const ports::HttpRequest &request, const QByteArrayList &origins)
{
    if (countOf(request, "origin") > 1 || countOf(request, "sec-fetch-site") > 1) {
        return false;
    }
    if (const auto origin = request.header("origin")) {
        return isOwn(*origin, request, origins);
    }
    const auto site = request.header("sec-fetch-site");
    return site && *site == "same-origin";
}

} // namespace

Result<void> requireOwnOrigin(const ports::HttpRequest &request, const QByteArrayList &origins)
{
    if (onlyReads(request.method) || isFromOwnPage(request, origins)) {
        return {};
    }
    return failure(ApiError::permissionDenied(
        u"This request does not come from a page of this gateway: its Origin is missing or another one."_s));
}

} // namespace delta::identity

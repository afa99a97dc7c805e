#include "gateway/admin/rate_limit_api.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/query_text.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>

#include <optional>
#include <variant>
#include <vector>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

/// The body of /rate_limit/set.
struct RateChange {
    RateSubject subject;
    QJsonObject patch; ///< Of RateLimits.
};

/// Reads the names of a limit; null in one is as if it were absent.
Result<RateSubject> readSubject(const QJsonObject &object)
{
    const QJsonObject names = withoutNulls(object);
    if (!names.contains("scope"_L1)) {
        return failure(
            ApiError::invalidRequest(u"'scope' must say whose calls are counted: one of %1."_s.arg(
                                         enumNameList<RateScope>().join(u", "_s)),
                                     u"scope"_s));
    }
    TRY(const RateSubject subject, fromJson<RateSubject>(names));
    TRY_VOID(subject.validate());
    return subject;
}

Result<RateChange> readChange(const QByteArray &body)
{
    TRY(QJsonObject patch, readObject(body));
    QJsonObject names;
    for (const QString &name : fieldNames<RateSubject>()) {
        if (const QJsonValue value = patch.take(name); !value.isUndefined()) {
            names.insert(name, value);
        }
    }
    TRY(const RateSubject subject, readSubject(names));
    return RateChange{subject, patch};
}

Result<RateSubject> readSubjectOfQuery(QByteArrayView query)
{
    QJsonObject names;
    for (const auto &[name, value] : readQuery(query).queryItems(QUrl::FullyDecoded)) {
        names.insert(name, value);
    }
    return readSubject(names);
}

/// Describes a limit that was asked for, if it is there.
Result<QJsonValue> describe(const std::optional<RateLimit> &limit)
{
    if (!limit) {
        return failure(
            ApiError::notFound(u"There is no rate limit of that scope, id, member and model."_s,
                               u"scope_id"_s, u"rate_limit_not_found"_s));
    }
    return toJson(*limit);
}

} // namespace

Result<void> RateLimitApi::allow(const ports::HttpRequest &request) const
{
    return requireMaster(m_parts.authenticator, m_parts.permissions, request);
}

void RateLimitApi::set(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto change = allow(request).and_then([&] { return readChange(request.body); });
    answerTo(change, std::move(reply), m_parts.background,
             doneBy(masterOf(request), m_parts.seat,
                    [&limits = m_parts.limits](const RateChange &wanted) {
                        return limits.set(wanted.subject, wanted.patch).and_then(describe);
                    }));
}

void RateLimitApi::list(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto nothing = allow(request).transform([] { return std::monostate(); });
    answerTo(nothing, std::move(reply), m_parts.background,
             [&limits = m_parts.limits](std::monostate) -> Result<QJsonValue> {
                 TRY(const std::vector<RateLimit> all, limits.list());
                 return QJsonObject{
                     {"rate_limits"_L1, JsonCodec<std::vector<RateLimit>>::encode(all)}};
             });
}

void RateLimitApi::info(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto subject = allow(request).and_then([&] { return readSubjectOfQuery(request.query); });
    answerTo(subject, std::move(reply), m_parts.background,
             [&limits = m_parts.limits](const RateSubject &wanted) {
                 return limits.find(wanted).and_then(describe);
             });
}

void RateLimitApi::remove(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto subject =
        allow(request).and_then([&] { return readObject(request.body); }).and_then(readSubject);
    answerTo(subject, std::move(reply), m_parts.background,
             doneBy(masterOf(request), m_parts.seat,
                    [&limits = m_parts.limits](const RateSubject &wanted) {
                        return limits.remove(wanted).and_then(describe);
                    }));
}

} // namespace delta::admin

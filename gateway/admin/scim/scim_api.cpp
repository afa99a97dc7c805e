#include "gateway/admin/scim/scim_api.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/query_text.h"
#include "gateway/admin/scim/scim_description.h"
#include "gateway/admin/scim/scim_error.h"
#include "gateway/identity/secrets.h"

#include <QLoggingCategory>

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

Q_LOGGING_CATEGORY(lcScim, "delta.admin")

/// More than any directory sends in one request.
constexpr qsizetype longestBody = 4 << 20;

bool isJson(const ports::HttpRequest &request)
{
    const QByteArray field =
        request.header("content-type").value_or(QByteArrayView()).toByteArray();
    const QByteArray type = field.split(';').front().trimmed().toLower();
    return type == "application/scim+json" || type == "application/json";
}

Result<QJsonObject> readBody(const ports::HttpRequest &request)
{
    const bool isExpected = request.method == "POST" || request.method == "PUT"
        || request.method == "PATCH";
    if (!isExpected) {
        return QJsonObject();
    }
    if (!isJson(request)) {
        return failure(scimError(
            invalidSyntax,
            u"The body must be JSON and say so: 'Content-Type: application/scim+json'."_s));
    }
    if (request.body.size() > longestBody) {
        return failure(ApiError::contentTooLarge(longestBody));
    }
    auto object = readObject(request.body);
    if (!object) {
        return failure(scimError(invalidSyntax, object.error().message, object.error().param));
    }
    return object;
}

/// Returns the token of a request; empty if it has none.
QByteArrayView tokenOf(const ports::HttpRequest &request)
{
    constexpr QByteArrayView scheme = "bearer ";
    const QByteArrayView field = request.header("authorization").value_or(QByteArrayView());
    const bool isBearer = field.size() > scheme.size()
        && field.first(scheme.size()).compare(scheme, Qt::CaseInsensitive) == 0;
    return isBearer ? field.sliced(scheme.size()).trimmed() : QByteArrayView();
}

} // namespace

/// Which of the tokens it was, is in the audit log: one that is not seen there any more can be taken away.
Result<Caller> ScimApi::callerOf(const ports::HttpRequest &request) const
{
    const QByteArrayView token = tokenOf(request);
    for (std::size_t i = 0; i < m_settings.tokens.size(); ++i) {
        if (!token.isEmpty() && identity::isSameText(token, m_settings.tokens[i].reveal())) {
            Caller caller;
            caller.kind = CallerKind::Directory;
            caller.id = u"scim"_s;
            caller.name = u"SCIM, token %1"_s.arg(i + 1);
            return caller;
        }
    }
    ApiError error = ApiError::loginRequired();
    error.message =
        u"This needs a token of general_settings.scim_tokens as 'Authorization: Bearer'."_s;
    return failure(std::move(error));
}

Result<Answer> ScimApi::answer(const AdminRoute &route, const ports::HttpRequest &request,
                               const QByteArrayList &path)
{
    TRY(const Caller caller, callerOf(request));
    TRY(const QJsonObject body, readBody(request));
    return route.handler({request, caller, path, readQuery(request.query), body});
}

Answer ScimApi::serve(const AdminRoute &route, const ports::HttpRequest &request,
                      const QByteArrayList &path)
{
    Result<Answer> made = answer(route, request, path);
    if (made) {
        return *std::move(made);
    }
    if (!made.error().detail.isEmpty()) {
        qCWarning(lcScim, "%s %s: %ls", route.method.constData(), route.pattern.constData(),
                  qUtf16Printable(made.error().detail));
    }
    return scimErrorAnswer(made.error());
}

std::vector<AdminRoute> ScimApi::routes()
{
    std::vector<AdminRoute> all = scimDescriptionRoutes();
    std::ranges::move(m_users.routes(), std::back_inserter(all));
    std::ranges::move(m_groups.routes(), std::back_inserter(all));
    return all;
}

} // namespace delta::admin::scim

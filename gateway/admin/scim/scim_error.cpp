#include "gateway/admin/scim/scim_error.h"

#include "gateway/openai/error_body.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

constexpr std::array types{invalidFilter, tooMany,     uniqueness, mutability,
                           invalidSyntax, invalidPath, noTarget,   invalidValue};

/// What other parts of the gateway refuse has a code of theirs, if any.
QString typeOf(const ApiError &error)
{
    const bool isOurs = std::ranges::any_of(
        types, [&error](QLatin1StringView type) { return error.code == type; });
    if (isOurs) {
        return error.code;
    }
    return error.kind == ErrorKind::InvalidRequest ? QString(invalidValue) : QString();
}

} // namespace

ApiError scimError(QLatin1StringView type, const QString &message, const QString &param)
{
    ApiError error = type == uniqueness ? ApiError::conflict(message, param)
                                        : ApiError::invalidRequest(message, param);
    error.code = type;
    return error;
}

Answer scimErrorAnswer(const ApiError &error)
{
    QJsonObject body{{"schemas"_L1, QJsonArray{u"urn:ietf:params:scim:api:messages:2.0:Error"_s}},
                     {"status"_L1, QString::number(error.status())},
                     {"detail"_L1, error.message}};
    if (const QString type = typeOf(error); !type.isEmpty()) {
        body.insert("scimType"_L1, type);
    }
    Answer answer{
        error.status(),
        {{"content-type"_ba, "application/scim+json"_ba}, {"cache-control"_ba, "no-store"_ba}},
        QJsonDocument(body).toJson(QJsonDocument::Compact)};
    if (error.status() == 401) {
        answer.headers.emplace_back("www-authenticate"_ba, "Bearer"_ba);
    }
    if (const QByteArray wait = openai::retryAfterValue(error); !wait.isEmpty()) {
        answer.headers.emplace_back("retry-after"_ba, wait);
    }
    return answer;
}

} // namespace delta::admin::scim

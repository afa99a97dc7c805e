#include "gateway/auth/credentials.h"

namespace delta::auth {

namespace {

/// Reads `Bearer <key>`. The scheme's name is case-insensitive (RFC 9110, 11.1).
Result<QByteArrayView> bearerToken(QByteArrayView value)
{
    constexpr QByteArrayView scheme = "bearer";
    const bool isBearer =
        value.first(qMin(value.size(), scheme.size())).compare(scheme, Qt::CaseInsensitive) == 0
        && (value.size() == scheme.size() || value[scheme.size()] == ' '
            || value[scheme.size()] == '\t');
    if (!isBearer) {
        ApiError error = ApiError::invalidApiKey();
        error.message = QStringLiteral(
            "The Authorization header must have the form 'Bearer YOUR_KEY'; "
            "other schemes are not supported.");
        return failure(std::move(error));
    }
    const QByteArrayView token = value.sliced(scheme.size()).trimmed();
    if (token.isEmpty()) {
        return failure(ApiError::missingApiKey());
    }
    return token;
}

} // namespace

Result<QByteArrayView> findCredential(const ports::HttpRequest &request)
{
    if (const auto value = request.header("authorization"); value && !value->trimmed().isEmpty()) {
        return bearerToken(value->trimmed());
    }
    for (const QByteArrayView name : {QByteArrayView("x-api-key"), QByteArrayView("api-key")}) {
        if (const auto value = request.header(name); value && !value->trimmed().isEmpty()) {
            return value->trimmed();
        }
    }
    return failure(ApiError::missingApiKey());
}

} // namespace delta::auth

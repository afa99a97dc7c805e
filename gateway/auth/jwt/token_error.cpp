#include "gateway/auth/jwt/token_error.h"

using namespace Qt::StringLiterals;

namespace delta::auth {

ApiError invalidToken(const QString &message, const QString &detail)
{
    ApiError error = ApiError::invalidApiKey();
    error.message = message;
    error.detail = detail;
    error.code = u"invalid_token"_s;
    return error;
}

ApiError tokenExpired()
{
    ApiError error = invalidToken(u"The token has expired. Get a new one from its issuer."_s,
                                  u"expired token"_s);
    error.code = u"expired_token"_s;
    return error;
}

ApiError identityUnavailable()
{
    ApiError error = ApiError::storeUnavailable(
        u"This gateway does not have the keys of the issuer of tokens yet. Try again shortly."_s);
    error.code = u"identity_unavailable"_s;
    return error;
}

} // namespace delta::auth

#include "gateway/identity/identity_errors.h"

#include <utility>

namespace delta::identity {

using namespace Qt::StringLiterals;

namespace {

ApiError withCode(ApiError error, const QString &code)
{
    error.code = code;
    return error;
}

} // namespace

ApiError wrongCredentials()
{
    ApiError error = ApiError::loginRequired();
    error.message = u"E-mail address, password or code are wrong."_s;
    return withCode(std::move(error), u"invalid_credentials"_s);
}

ApiError wrongCsrfToken()
{
    return withCode(
        ApiError::permissionDenied(u"The header x-csrf-token does not belong to this session."_s),
        u"csrf_token_invalid"_s);
}

ApiError deadLink()
{
    return withCode(
        ApiError::invalidRequest(u"This link was used before or is too old. Ask for another one."_s,
                                 u"token"_s),
        u"link_invalid"_s);
}

} // namespace delta::identity

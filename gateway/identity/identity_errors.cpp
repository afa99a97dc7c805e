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

/// Of those who are not known, there is one kind of error.
ApiError unknownCaller(const QString &message, const QString &code)
{
    ApiError error = ApiError::invalidApiKey();
    error.message = message;
    return withCode(std::move(error), code);
}

} // namespace

ApiError loginRequired()
{
    return unknownCaller(u"You are not logged in, or your session is over. Log in."_s,
                         u"login_required"_s);
}

ApiError wrongCredentials()
{
    return unknownCaller(u"E-mail address, password or code are wrong."_s,
                         u"invalid_credentials"_s);
}

ApiError stepUpRequired()
{
    return withCode(ApiError::permissionDenied(
                        u"Prove again who you are: give your password, or a code if you have "
                        u"a second factor."_s),
                    u"step_up_required"_s);
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

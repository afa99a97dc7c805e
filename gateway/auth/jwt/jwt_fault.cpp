#include "gateway/auth/jwt/jwt_fault.h"

#include "gateway/auth/jwt/token_error.h"

using namespace Qt::StringLiterals;

namespace delta::auth {

ApiError errorOf(JwtFault fault)
{
    const QString unsignedByIssuer =
        u"The token is not one that this gateway accepts: it must be a JWT that is signed with a "
        "current key of the issuer. Get a new one from there."_s;
    switch (fault) {
    case JwtFault::Malformed:
        return invalidToken(unsignedByIssuer, u"malformed token"_s);
    case JwtFault::UnknownKey:
        return invalidToken(unsignedByIssuer, u"token of an unknown key"_s);
    case JwtFault::UnnamedKey:
        return invalidToken(unsignedByIssuer, u"token of an unnamed key"_s);
    case JwtFault::WrongSignature:
        return invalidToken(unsignedByIssuer, u"token with a wrong signature"_s);
    case JwtFault::WrongIssuer:
        return invalidToken(u"The token comes from another issuer than this gateway's."_s,
                            u"wrong issuer"_s);
    case JwtFault::WrongAudience:
        return invalidToken(u"The token is meant for another service than this gateway."_s,
                            u"wrong audience"_s);
    case JwtFault::Expired:
        return tokenExpired();
    case JwtFault::NotYetValid:
        return invalidToken(u"The token is not valid yet."_s, u"token of the future"_s);
    case JwtFault::BadTimes:
        break;
    }
    return invalidToken(
        u"The token must say until when it is valid, in exp, and all its times must be seconds."_s,
        u"token with bad times"_s);
}

bool mayBeNewKey(JwtFault fault)
{
    return fault == JwtFault::UnknownKey || fault == JwtFault::UnnamedKey;
}

} // namespace delta::auth

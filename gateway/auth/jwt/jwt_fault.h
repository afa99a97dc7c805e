#pragma once

#include "shared/core/api_error.h"

namespace delta::auth {

/// Why a token is not accepted. The first four can be seen by anybody, the others only by who holds
/// a token that the issuer signed.
enum class JwtFault {
    Malformed,      ///< Not a signed token as we take it, or signed in a way that is not allowed.
    UnknownKey,     ///< The issuer has no key of that id that fits.
    UnnamedKey,     ///< It names no key, and none of the issuer's can be the one.
    WrongSignature, ///< The key's owner did not sign it.
    WrongIssuer,
    WrongAudience,
    Expired,
    NotYetValid,
    BadTimes, ///< No `exp`, or a time that is none.
};

/// Returns what the client is told, in a sentence that gives nothing away of what was sent; the
/// fault's own name is in `detail`.
[[nodiscard]] ApiError errorOf(JwtFault fault);
/// Says whether the issuer may have keys by now of which we do not know.
[[nodiscard]] bool mayBeNewKey(JwtFault fault);

} // namespace delta::auth

#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QLatin1StringView>

namespace delta::http {

/// Why a request is turned away at the door: no handler sees it, and the connection closes, because
/// behind a request that cannot be framed nobody knows where the next one begins.
/// Source: RFC 9112 §2.2, §6.3, §11.2.
struct Refusal {
    int status = 400;
    QLatin1StringView type; ///< As in OpenAI's error body.
    QLatin1StringView code;
    QLatin1StringView message; ///< For the client: plain ASCII, says what to change.
    int retryAfterSeconds = 0; ///< When to try again; zero: no Retry-After.
};

/// Makes the refusal of what is not HTTP/1.1 by the letter.
[[nodiscard]] constexpr Refusal malformed(QLatin1StringView message)
{
    return {400, QLatin1StringView("invalid_request_error"), QLatin1StringView("malformed_request"),
            message};
}

/// The refusals that have a meaning of their own.
namespace refusals {

using namespace Qt::StringLiterals;

inline constexpr Refusal uriTooLong{414, "invalid_request_error"_L1, "uri_too_long"_L1,
                                    "The request target is longer than this gateway takes."_L1};
inline constexpr Refusal headTooLarge{
    431, "invalid_request_error"_L1, "headers_too_large"_L1,
    "The request line and headers are larger than this gateway takes."_L1};
inline constexpr Refusal tooManyFields{431, "invalid_request_error"_L1, "headers_too_large"_L1,
                                       "The request has more headers than this gateway takes."_L1};
inline constexpr Refusal bodyTooLarge{413, "invalid_request_error"_L1, "content_too_large"_L1,
                                      "The request body is larger than this gateway takes."_L1};
inline constexpr Refusal slowHead{408, "timeout_error"_L1, "request_timeout"_L1,
                                  "The request line and headers did not arrive in time."_L1};
inline constexpr Refusal slowBody{408, "timeout_error"_L1, "request_timeout"_L1,
                                  "The request body arrived too slowly."_L1};
inline constexpr Refusal unknownExpectation{
    417, "invalid_request_error"_L1, "expectation_failed"_L1,
    "The only expectation that this gateway meets is 'Expect: 100-continue'."_L1};
inline constexpr Refusal unknownMethod{
    501, "invalid_request_error"_L1, "not_implemented"_L1,
    "This gateway takes the methods GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS."_L1};
inline constexpr Refusal upgrade{
    501, "invalid_request_error"_L1, "not_implemented"_L1,
    "This gateway does not change protocols; leave out the Upgrade header."_L1};
inline constexpr Refusal unknownVersion{505, "invalid_request_error"_L1,
                                        "http_version_not_supported"_L1,
                                        "This gateway speaks HTTP/1.1 and HTTP/1.0."_L1};
inline constexpr Refusal plainOnTlsPort = malformed(
    "This port speaks TLS: use https:// instead of http://."_L1);
inline constexpr Refusal tooManyConnections{
    503, "service_unavailable"_L1, "overloaded"_L1,
    "This gateway has as many connections as it may have. Try again shortly."_L1};
inline constexpr Refusal tooManyBodies{
    503, "service_unavailable"_L1, "overloaded"_L1,
    "This gateway receives as many request bodies as it has room for. Try again shortly."_L1, 1};
inline constexpr Refusal notHandled{500, "server_error"_L1, "internal_error"_L1,
                                    "The gateway failed."_L1};

} // namespace refusals

/// Returns the whole reply to a refused request, head and body.
/// `requestId` and `date` are the values of the headers of these names.
[[nodiscard]] QByteArray renderRefusal(const Refusal &refusal, QByteArrayView requestId,
                                       QByteArrayView date);

} // namespace delta::http

#include "gateway/app/issuer_keys.h"

#include "gateway/auth/jwt/key_set.h"
#include "gateway/net/side_caller.h"

#include <chrono>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

/// Returns the set of keys that an issuer answered; why it is none otherwise.
std::expected<QByteArray, QString> keySetOf(const net::SideAnswer &answer)
{
    if (answer.status != 200) {
        return std::unexpected(u"it answered %1"_s.arg(answer.status));
    }
    if (answer.body.reveal().size() > auth::KeySet::largestDocument) {
        return std::unexpected(
            u"its answer has more than %1 bytes"_s.arg(auth::KeySet::largestDocument));
    }
    return answer.body.reveal();
}

} // namespace

auth::JwksSource::Fetch issuerKeys(const auth::JwtSettings &jwt)
{
    constexpr std::chrono::seconds timeout{5};
    return
        [settings = net::SideCallSettings{timeout, jwt.caFile},
         question = net::SideRequest{"GET",
                                     Secret(jwt.keysUrl),
                                     {{"Accept", "application/jwk-set+json, application/json"}}}](
            const std::stop_token &stop) -> std::expected<QByteArray, QString> {
            return net::SideCaller(settings, stop)
                .ask(question)
                .transform_error([](const net::SideCallFailure &failure) { return failure.reason; })
                .and_then(keySetOf);
        };
}

} // namespace delta::app

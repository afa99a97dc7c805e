#include "gateway/app/sso_room.h"

#include "gateway/net/side_caller.h"

#include <chrono>
#include <cstddef>
#include <utility>

namespace delta::app {

namespace {

/// So many logins wait for the provider. It is one question after another, of ten seconds at most.
constexpr std::size_t mostWaiting = 64;

auth::OidcProvider::Fetch fetcher(const QByteArray &caFile, const std::stop_token &stop)
{
    constexpr std::chrono::seconds timeout{10};
    return [settings = net::SideCallSettings{timeout, caFile},
            stop](const auth::OidcProvider::Request &request)
               -> std::expected<auth::OidcProvider::Response, QString> {
        return net::SideCaller(settings, stop)
            .ask({request.method, Secret(request.url), request.fields, request.body})
            .transform([](const net::SideAnswer &answer) {
                return auth::OidcProvider::Response{answer.status, answer.body.reveal()};
            })
            .transform_error([](const net::SideCallFailure &failure) { return failure.reason; });
    };
}

} // namespace

SsoRoom::SsoRoom(const auth::OidcSettings &settings, const Parts &parts)
    : m_provider(settings, fetcher(settings.caFile, m_stop.get_token()), parts.ground.clock)
    , m_service(parts.ground, parts.sessions, settings)
    , m_api({m_provider, m_service, parts.sealer, parts.ground.clock, parts.ground.random,
             parts.settings,
             [this](std::function<void()> work) {
                 return m_away.tryPost(std::move(work), mostWaiting);
             },
             parts.home})
{
}

SsoRoom::~SsoRoom()
{
    close();
}

void SsoRoom::close()
{
    m_stop.request_stop();
    m_away.finish();
}

} // namespace delta::app

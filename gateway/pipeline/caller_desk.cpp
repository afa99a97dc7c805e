#include "gateway/pipeline/caller_desk.h"

#include "gateway/pipeline/wakeup.h"

#include <memory>

namespace delta::pipeline {

namespace {

struct Waiting {
    Wakeup wakeup;
    std::optional<Result<auth::Principal>> result;
};

} // namespace

std::optional<Result<auth::Principal>> CallerDesk::identify(const ports::HttpRequest &request) const
{
    const auto foreign = m_parts.hook ? m_parts.authenticator.foreignCredential(request)
                                      : std::nullopt;
    if (!foreign) {
        return m_parts.authenticator.identify(request);
    }
    return m_parts.hook->known(*foreign).transform([this](const Result<auth::Principal> &known) {
        return known.and_then([this](const auth::Principal &principal) {
            return m_parts.authenticator.admit(principal);
        });
    });
}

Task<Result<auth::Principal>> CallerDesk::identifyLater(const ports::HttpRequest &request) const
{
    const auto foreign = m_parts.authenticator.foreignCredential(request);
    const auto waiting = std::make_shared<Waiting>();
    m_parts.hook->ask(*foreign,
                      [waiting, &loop = m_parts.loop](const Result<auth::Principal> &result) {
                          loop.post([waiting, result] {
                              waiting->result = result;
                              waiting->wakeup.notify();
                          });
                      });
    while (!waiting->result) {
        co_await waiting->wakeup.wait();
    }
    CO_TRY(const auth::Principal principal, *waiting->result);
    co_return m_parts.authenticator.admit(principal);
}

} // namespace delta::pipeline

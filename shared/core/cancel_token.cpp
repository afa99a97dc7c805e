#include "shared/core/cancel_token.h"

#include <utility>

namespace delta {

CancelRegistration::CancelRegistration(std::weak_ptr<detail::CancelState> state, std::uint64_t id)
    : m_state(std::move(state))
    , m_id(id)
{
}

CancelRegistration &CancelRegistration::operator=(CancelRegistration &&other) noexcept
{
    if (this != &other) {
        remove();
        m_state = std::exchange(other.m_state, {});
        m_id = other.m_id;
    }
    return *this;
}

CancelRegistration::~CancelRegistration()
{
    remove();
}

void CancelRegistration::remove()
{
    if (const auto state = m_state.lock()) {
        state->callbacks.erase(m_id);
    }
    m_state.reset();
}

CancelToken::CancelToken(std::shared_ptr<detail::CancelState> state)
    : m_state(std::move(state))
{
}

CancelRegistration CancelToken::onCancel(std::function<void()> callback) const
{
    if (!m_state) {
        return {};
    }
    if (m_state->isCancelled) {
        callback();
        return {};
    }
    const std::uint64_t id = m_state->nextId++;
    m_state->callbacks.emplace(id, std::move(callback));
    return CancelRegistration(m_state, id);
}

CancelSource::CancelSource()
    : m_state(std::make_shared<detail::CancelState>())
{
}

CancelToken CancelSource::token() const
{
    return CancelToken(m_state);
}

void CancelSource::cancel()
{
    // A callback may destroy this source and every other holder of the state.
    const std::shared_ptr<detail::CancelState> state = m_state;
    state->isCancelled = true;
    while (!state->callbacks.empty()) {
        const auto first = state->callbacks.extract(state->callbacks.begin());
        first.mapped()();
    }
}

} // namespace delta

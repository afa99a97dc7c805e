#include "gateway/telemetry/message_throttle.h"

#include <utility>

namespace delta::telemetry {

namespace {

constexpr std::chrono::seconds window{10};
constexpr std::size_t capacity = 256;

} // namespace

std::optional<qint64> MessageThrottle::admit(const QByteArray &text, SteadyTime now)
{
    auto history = m_histories.find(text);
    if (history == m_histories.end()) {
        const bool isOwn = hasRoom(now);
        history = m_histories.find(isOwn ? text : QByteArray());
        if (history == m_histories.end()) {
            m_histories.emplace(isOwn ? text : QByteArray(), History{now, 0});
            return 0;
        }
    }
    if (now - history->second.passedAt < window) {
        ++history->second.heldBack;
        return std::nullopt;
    }
    history->second.passedAt = now;
    return std::exchange(history->second.heldBack, 0);
}

bool MessageThrottle::hasRoom(SteadyTime now)
{
    if (m_histories.size() >= capacity) {
        std::erase_if(m_histories,
                      [now](const auto &each) { return now - each.second.passedAt >= window; });
    }
    return m_histories.size() < capacity;
}

} // namespace delta::telemetry

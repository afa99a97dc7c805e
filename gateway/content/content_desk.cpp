#include "gateway/content/content_desk.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace delta::content {

namespace {

/// Small calls take more memory than their bytes.
constexpr std::size_t mostWaiting = 4'096;

} // namespace

void ContentDesk::leave(CallContent content)
{
    bool isLeft = false;
    if (!content.draft.isLost()) {
        const std::scoped_lock lock(m_mutex);
        isLeft = m_waiting.size() < mostWaiting;
        if (isLeft) {
            m_waiting.push_back(std::move(content));
        }
    }
    if (isLeft) {
        m_changed.notify_one();
    } else {
        countDropped(1);
    }
}

std::vector<CallContent> ContentDesk::take(std::size_t most, const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, stop, [this] { return !m_waiting.empty(); });
    const auto end = m_waiting.begin() + std::ptrdiff_t(std::min(most, m_waiting.size()));
    std::vector<CallContent> taken(std::make_move_iterator(m_waiting.begin()),
                                   std::make_move_iterator(end));
    m_waiting.erase(m_waiting.begin(), end);
    return taken;
}

} // namespace delta::content

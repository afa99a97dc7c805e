#pragma once

#include "gateway/ports/spend_store.h"

#include <QByteArray>
#include <QString>

#include <algorithm>
#include <mutex>
#include <vector>

namespace delta::test {

/// A store in memory that keeps the contract of the port and can be taken down. Safe from any
/// thread.
class MemoryStore final : public ports::SpendStore
{
public:
    Result<ports::JournalPosition> journalPosition() override
    {
        const std::scoped_lock lock(m_mutex);
        if (m_isDown) {
            return failure(ApiError::storeUnavailable(QStringLiteral("down")));
        }
        return m_position;
    }
    Result<void> apply(const std::vector<ports::PostedEntry> &entries,
                       ports::JournalPosition position) override
    {
        const std::scoped_lock lock(m_mutex);
        ++m_attempts;
        if (m_isDown) {
            return failure(ApiError::storeUnavailable(QStringLiteral("down")));
        }
        for (const ports::PostedEntry &entry : entries) {
            if (entry.offset >= m_position.applied) {
                m_entries.push_back(entry);
            }
        }
        m_position = position;
        return {};
    }

    void setDown(bool isDown)
    {
        const std::scoped_lock lock(m_mutex);
        m_isDown = isDown;
    }
    void setPosition(ports::JournalPosition position)
    {
        const std::scoped_lock lock(m_mutex);
        m_position = position;
    }
    [[nodiscard]] ports::JournalPosition position()
    {
        const std::scoped_lock lock(m_mutex);
        return m_position;
    }
    [[nodiscard]] int attempts()
    {
        const std::scoped_lock lock(m_mutex);
        return m_attempts;
    }
    [[nodiscard]] std::vector<ports::PostedEntry> entries()
    {
        const std::scoped_lock lock(m_mutex);
        return m_entries;
    }
    /// Returns the ids of the posted calls in the order of the alphabet: a doubled one appears
    /// twice.
    [[nodiscard]] QByteArrayList requestIds()
    {
        QByteArrayList ids;
        for (const ports::PostedEntry &posted : entries()) {
            ids.append(posted.entry.requestId);
        }
        std::ranges::sort(ids);
        return ids;
    }

private:
    std::mutex m_mutex;
    std::vector<ports::PostedEntry> m_entries;
    ports::JournalPosition m_position;
    int m_attempts = 0;
    bool m_isDown = false;
};

} // namespace delta::test

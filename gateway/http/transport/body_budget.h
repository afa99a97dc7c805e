#pragma once

#include <QtTypes>

#include <atomic>

namespace delta::http {

/// Counts what the unfinished request bodies of the process hold together, and says when it is too
/// much: a body is in memory before anybody has looked at its key. One object is shared by all loop
/// threads; safe from any thread. Outlives its shares.
class BodyBudget final
{
public:
    /// What of a body is not counted, so that an ordinary call touches nothing that is shared.
    static constexpr qint64 freeBytes = 64 * 1024;

    /// What the body of one connection takes; gives it back when destroyed. Confined to the
    /// connection's thread.
    class Share final
    {
    public:
        explicit Share(BodyBudget &budget)
            : m_budget(budget)
        {
        }
        Share(const Share &) = delete;
        Share &operator=(const Share &) = delete;
        ~Share()
        {
            release();
        }

        /// Counts a body of which that many bytes are in hand. False, and nothing changes, if there
        /// is no room for them.
        [[nodiscard]] bool cover(qsizetype bodyBytes);
        /// Gives everything back: the body is gone, or somebody has looked at its key.
        void release();

    private:
        BodyBudget &m_budget;
        qint64 m_bytes = 0;
    };

    /// Zero or less: no limit.
    explicit BodyBudget(qint64 most);

    /// Returns how many bytes are counted now.
    [[nodiscard]] qint64 used() const
    {
        return m_used.load(std::memory_order_relaxed);
    }

private:
    [[nodiscard]] bool take(qint64 bytes);
    void giveBack(qint64 bytes);

    const qint64 m_most;
    std::atomic<qint64> m_used = 0;
};

} // namespace delta::http

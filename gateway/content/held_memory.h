#pragma once

#include <QtTypes>

#include <atomic>
#include <utility>

namespace delta::content {

/// A share of a bounded memory, which it gives back when it goes. Its total is safe from any thread.
class HeldMemory
{
public:
    explicit HeldMemory(std::atomic<qint64> &total)
        : m_total(&total)
    {
    }
    ~HeldMemory()
    {
        release();
    }
    HeldMemory(HeldMemory &&other) noexcept
        : m_total(other.m_total)
        , m_bytes(std::exchange(other.m_bytes, 0))
    {
    }
    HeldMemory &operator=(HeldMemory &&other) noexcept
    {
        release();
        m_total = other.m_total;
        m_bytes = std::exchange(other.m_bytes, 0);
        return *this;
    }
    HeldMemory(const HeldMemory &) = delete;
    HeldMemory &operator=(const HeldMemory &) = delete;

    /// Takes more, unless all shares together were more than `most` then. Returns whether it did.
    [[nodiscard]] bool grow(qint64 bytes, qint64 most)
    {
        if (m_total->fetch_add(bytes, std::memory_order_relaxed) + bytes > most) {
            m_total->fetch_sub(bytes, std::memory_order_relaxed);
            return false;
        }
        m_bytes += bytes;
        return true;
    }
    void release()
    {
        m_total->fetch_sub(std::exchange(m_bytes, 0), std::memory_order_relaxed);
    }

private:
    std::atomic<qint64> *m_total; ///< Never null.
    qint64 m_bytes = 0;
};

} // namespace delta::content

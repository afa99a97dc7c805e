#pragma once

#include "gateway/limits/rate_table.h"

#include <atomic>
#include <memory>
#include <utility>

namespace delta::limits {

/// Holds the rate limits that new calls take. Safe from any thread.
class RateDirectory
{
public:
    /// Returns the limits in force; never null.
    [[nodiscard]] std::shared_ptr<const RateTable> current() const
    {
        return m_table.load(std::memory_order_acquire);
    }
    void replace(RateTable next)
    {
        m_table.store(std::make_shared<const RateTable>(std::move(next)),
                      std::memory_order_release);
    }

private:
    std::atomic<std::shared_ptr<const RateTable>> m_table = std::make_shared<const RateTable>();
};

} // namespace delta::limits

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

namespace delta::bench {

/// Which connection is due when. Entries of connections that have gone simply find nobody.
class Schedule final
{
public:
    struct Entry {
        std::int64_t dueNs;
        std::uint64_t connection;

        bool operator>(const Entry &other) const
        {
            return dueNs > other.dueNs;
        }
    };

    void add(Entry entry)
    {
        m_entries.push(entry);
    }

    /// Takes the next entry that is due at `now`, if any.
    std::optional<Entry> takeDue(std::int64_t now);

    /// Returns how long to wait for the next entry; negative when there is none.
    [[nodiscard]] std::chrono::nanoseconds untilNext(std::int64_t now) const;

private:
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> m_entries;
};

} // namespace delta::bench

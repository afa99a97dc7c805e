#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QHashFunctions>
#include <QString>
#include <QtTypes>

#include <chrono>
#include <cstddef>
#include <list>
#include <unordered_map>

namespace delta::identity {

/// How often something may be tried.
struct BrakeSettings {
    int perMinute = 10;                 ///< And at once.
    int freeFailures = 3;               ///< So many in a row cost no time.
    std::chrono::seconds firstDelay{1}; ///< After the next one; each further one doubles it.
    std::chrono::seconds longestDelay{60};
    std::size_t remembered =
        20'000; ///< Of more than that, those are forgotten who came longest ago.
};

/// Slows those down who guess. Whoever waits as long as they are told can always try again, and being refused makes
/// nothing longer: nobody can be locked out for good. Confined to one thread.
class AttemptBrake
{
public:
    /// `clock` must outlive the brake.
    AttemptBrake(const Clock &clock, const BrakeSettings &settings)
        : m_clock(clock)
        , m_settings(settings)
    {
    }

    /// Counts an attempt. Errors: RateLimited if it comes too soon; it does not count then.
    [[nodiscard]] Result<void> admit(const QByteArray &who);
    /// Says that an attempt failed.
    void failed(const QByteArray &who);
    /// Gives an attempt back.
    void refund(const QByteArray &who);
    /// Forgets all that one did: they are who they say.
    void forget(const QByteArray &who);

    [[nodiscard]] std::size_t size() const
    {
        return m_known.size();
    }

private:
    struct Entry {
        QByteArray who;
        SteadyTime paidUntil{}; ///< When all attempts so far are forgotten.
        SteadyTime notBefore{};
        SteadyTime failedAt{};
        int failures = 0; ///< In a row.
    };
    struct Hash {
        std::size_t operator()(const QByteArray &who) const
        {
            return qHash(who);
        }
    };
    using Entries = std::list<Entry>;

    [[nodiscard]] Entry &entryOf(const QByteArray &who);
    [[nodiscard]] std::chrono::nanoseconds interval() const;

    const Clock &m_clock;
    const BrakeSettings m_settings;
    Entries m_entries; ///< The one who came last is first.
    std::unordered_map<QByteArray, Entries::iterator, Hash> m_known;
};

/// Returns what counts as one place: an address, or of IPv6 the network of which one person has all addresses.
[[nodiscard]] QByteArray placeOf(const QString &ip);

} // namespace delta::identity

#pragma once

#include "gateway/limits/rate_rule.h"
#include "gateway/limits/shared_rate_keys.h"
#include "gateway/ports/shared_store.h"
#include "shared/core/random.h"

#include <QByteArray>
#include <QtTypes>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

namespace delta::limits {

class SharedRateCall;

/// What the shared store says of a call.
struct SharedVerdict {
    enum class Kind {
        Admitted,
        Refused,     ///< By a rule, in `refusal`.
        Unavailable, ///< It says nothing, or not in time.
    };

    Kind kind = Kind::Unavailable;
    std::optional<RateRefusal> refusal; ///< The rule that has room last.
    std::vector<RateState> states;      ///< Of all rules in their order; none if unavailable.
};

/// What a call under way counts in the shared store, or will if its answer comes late. One that dies before
/// settle() takes all of it back. Confined to the loop's thread; the SharedRates must outlive it.
class SharedRateHold
{
public:
    SharedRateHold() = default;
    explicit SharedRateHold(std::shared_ptr<SharedRateCall> call)
        : m_call(std::move(call))
    {
    }
    SharedRateHold(SharedRateHold &&other) noexcept = default;
    SharedRateHold &operator=(SharedRateHold &&other) noexcept
    {
        std::swap(m_call, other.m_call);
        return *this;
    }
    SharedRateHold(const SharedRateHold &) = delete;
    SharedRateHold &operator=(const SharedRateHold &) = delete;
    ~SharedRateHold();

    /// Returns what was decided; null while the store is waited for.
    [[nodiscard]] const SharedVerdict *verdict() const;
    /// Ends the call: its slots are free, and what it needed in truth stands in the place of the estimate.
    void settle(qint64 tokens);

private:
    std::shared_ptr<SharedRateCall> m_call; ///< Null: nothing is held.
};

/// The rate limits of one loop thread as far as several gateways share them. They count as RateBook does,
/// in one step of the store for each call, by the store's clock: windows that slide by sixtieths, and slots
/// that are leased, so that those of a gateway that died are free after `lease`.
///
/// Whatever the store forgets counts as zero from then on, but for slots, which come back with the next
/// renewal. A call that the store had no time for is counted when it gets to it.
class SharedRates
{
public:
    static constexpr std::chrono::milliseconds lease{30'000};
    static constexpr std::chrono::milliseconds renewInterval{10'000};
    /// Beyond it, numbers of Lua are not exact. No limit that is larger will be reached.
    static constexpr qint64 mostCounted = 1'000'000'000'000'000;

    struct Parts {
        ports::SharedStore &store;
        ports::SharedStoreStatus &status;
        Random &random;
        ports::DegradedMode mode = ports::DegradedMode::FailOpen;
    };

    explicit SharedRates(const Parts &parts);
    ~SharedRates();
    SharedRates(const SharedRates &) = delete;
    SharedRates &operator=(const SharedRates &) = delete;

    /// Asks whether a call may begin that will need about so many tokens. Calls `onDecided` once, unless
    /// there is a verdict when this returns. There must be rules.
    [[nodiscard]] SharedRateHold admit(std::span<const RateRule> rules, qint64 tokens,
                                       std::function<void()> onDecided);
    /// Begins the leases of all slots anew. To be called every `renewInterval`.
    void renew();

    /// Says what becomes of calls on which there is no verdict.
    [[nodiscard]] ports::DegradedMode mode() const
    {
        return m_parts.mode;
    }

private:
    friend class SharedRateCall;

    Parts m_parts;
    const ports::SharedScript m_admit;
    const ports::SharedScript m_settle;
    const ports::SharedScript m_renew;
    const QByteArray m_name; ///< Of this thread of this gateway, in the store.
    qint64 m_calls = 0;
    SharedRateKeys m_keys;
    std::unordered_set<const SharedRateCall *> m_leases; ///< Calls that hold slots.
};

} // namespace delta::limits

#pragma once

#include <QByteArray>
#include <QHash>

namespace delta::limits {

/// Names what counters are in the shared store. Remembers the names, for to find one takes a hash of the
/// counter's; of no more counters than `mostKnown`, for callers invent end users. Confined to the loop's
/// thread.
class SharedRateKeys
{
public:
    static constexpr qsizetype mostKnown = 1024;

    /// The keys of one counter. All keys have the same braces, which keeps them together where a store is
    /// split.
    struct Keys {
        QByteArray windows; ///< Of all its windows of requests and of tokens.
        QByteArray calls;   ///< Of its slots.
    };

    /// Returns the keys of the counter that a RateRule names.
    [[nodiscard]] Keys of(const QByteArray &counter);

private:
    QHash<QByteArray, Keys> m_known; ///< By the counter.
};

} // namespace delta::limits

#pragma once

#include "shared/core/clock.h"

#include <QByteArray>
#include <QHashFunctions>

#include <optional>
#include <unordered_map>

namespace delta::telemetry {

/// Lets each text pass once per ten seconds. Remembers 256 texts; what exceeds them passes as if it
/// were all one text. Not thread-safe.
class MessageThrottle
{
public:
    /// Returns how many times the text was held back since it last passed, or nothing if it is held
    /// back now.
    [[nodiscard]] std::optional<qint64> admit(const QByteArray &text, SteadyTime now);

private:
    struct History {
        SteadyTime passedAt;
        qint64 heldBack = 0;
    };

    [[nodiscard]] bool hasRoom(SteadyTime now);

    std::unordered_map<QByteArray, History> m_histories;
};

} // namespace delta::telemetry

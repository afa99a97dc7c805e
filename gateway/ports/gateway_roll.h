#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"

#include <QString>
#include <QtTypes>

#include <chrono>
#include <optional>
#include <vector>

namespace delta::ports {

/// What a gateway says of itself to those that share its database.
struct GatewayReport {
    QString host;
    QString version;
    /// For how long after it was seen it uses what it holds of budgets; absent: until it is told otherwise.
    std::optional<std::chrono::milliseconds> lease;
    qint64 openCalls = 0;    ///< Under way: its journal has no end of them yet.
    qint64 backlogBytes = 0; ///< Of its journal, that the database lacks.
};

/// What a gateway holds of budgets whose windows are not over.
struct GatewayHolding {
    Money amount;
    qint64 budgets = 0;
};

/// A gateway as others see it. Times are of the database's clock.
struct GatewayEntry {
    qint64 journal = 0; ///< The number of its journal.
    QString name;       ///< That of its journal, which is in its state folder too.
    GatewayHolding holding;
    /// When it last said that it is here, and what it said; absent: it never did since it was last forgotten, or is
    /// of an older version.
    struct Seen {
        GatewayReport report;
        WallTime startedAt{};
        WallTime at{};
        std::chrono::milliseconds ago{};
    };
    std::optional<Seen> seen;
};

/// The gateways that share a database, and when each was last seen. Used from one thread at a time. Errors of all
/// functions: StoreUnavailable.
class GatewayRoll
{
public:
    virtual ~GatewayRoll() = default;
    /// Notes that this gateway is here. Returns whether it is on the roll: if not, what it held is others' now,
    /// and nothing was noted.
    [[nodiscard]] virtual Result<bool> reportIn(const GatewayReport &report) = 0;
    /// Puts this gateway on the roll, as one that has just started.
    [[nodiscard]] virtual Result<void> enroll(const GatewayReport &report) = 0;
    /// Takes it off, for an orderly end.
    [[nodiscard]] virtual Result<void> leave() = 0;
    /// Returns all others that were not seen for so long.
    [[nodiscard]] virtual Result<std::vector<GatewayEntry>> gatewaysNotSeenFor(
        std::chrono::milliseconds time) = 0;
    /// Returns all that are on the roll or hold something.
    [[nodiscard]] virtual Result<std::vector<GatewayEntry>> gateways() = 0;
    /// Leaves others all that a gateway holds, and takes it off the roll, if it was not seen for so long; absent:
    /// whenever it was seen. Returns what it held; nothing if it was seen, or is not on the roll any more.
    [[nodiscard]] virtual Result<std::optional<GatewayHolding>> forgetGateway(
        qint64 journal, std::optional<std::chrono::milliseconds> notSeenFor) = 0;
};

} // namespace delta::ports

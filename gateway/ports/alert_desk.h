#pragma once

#include "shared/core/result.h"

#include <QString>
#include <QStringList>

namespace delta::ports {

/// Where people are told of budgets, for who manages that. Used on the thread that owns the store.
class AlertDesk
{
public:
    virtual ~AlertDesk() = default;
    /// Returns the channels that this gateway has.
    [[nodiscard]] virtual QStringList channels() const = 0;
    /// Queues a test for some of the channels, in the change that is under way. Returns the id of the alert.
    /// Errors: StoreUnavailable.
    [[nodiscard]] virtual Result<QString> queueTest(const QStringList &channels) = 0;
    /// Has what was queued sent at once, and not within a second.
    virtual void wake() = 0;
};

} // namespace delta::ports

#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/store/store.h"
#include "shared/core/api_error.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QHash>

namespace delta::admin {

/// Notes in the audit log what somebody tried and may not do. The same thing by the same caller once a minute, and no
/// more than so many in all, so that nobody can fill the log by trying. Used on the thread that owns the store.
class DenialLog
{
public:
    /// Both outlive it.
    DenialLog(store::Store &store, const Clock &clock)
        : m_store(store)
        , m_clock(clock)
    {
    }
    /// Notes a refusal, if it is one, of something that belongs there. What cannot be noted is in the gateway's log.
    void note(const AdminRoute &route, const AdminCall &call, const ApiError &error,
              const Placement &place);

private:
    store::Store &m_store;
    const Clock &m_clock;
    QHash<QByteArray, SteadyTime> m_recent; ///< By caller and route: when it was noted.
};

} // namespace delta::admin

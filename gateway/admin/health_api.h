#pragma once

#include "gateway/ports/http_request.h"

#include <QString>

#include <functional>

namespace delta::admin {

/// What readiness depends on, at one moment.
struct HealthReport {
    bool acceptsCalls = false; ///< Started, and not draining.
    /// The store takes entries. While it does not, known keys go on and the journal keeps the spend.
    bool hasStore = false;
    bool hasJournal = false; ///< The journal takes records.
    /// Redis answers, or there is none. While it does not, limits are counted by each gateway.
    bool hasRedis = true;
    QString reason; ///< Why not, for the operator; empty if all is well.
};

/// The health endpoints. They need no key and tell no secrets.
class HealthApi
{
public:
    /// `report` is called for every request, on the loop thread, and must not block.
    explicit HealthApi(std::function<HealthReport()> report)
        : m_report(std::move(report))
    {
    }

    /// GET /health: both of the below; 503 if not ready.
    void health(ports::HttpReply &reply) const;
    /// GET /health/liveliness: the process runs its loops.
    void liveliness(ports::HttpReply &reply) const;
    /// GET /health/readiness: 503 with the reason while calls should go elsewhere.
    void readiness(ports::HttpReply &reply) const;

private:
    std::function<HealthReport()> m_report;
};

} // namespace delta::admin

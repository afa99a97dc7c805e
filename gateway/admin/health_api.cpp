#include "gateway/admin/health_api.h"

#include "gateway/admin/json_reply.h"

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

/// A store that is away for a while does not stop known keys; the journal keeps the spend.
bool isReady(const HealthReport &report)
{
    return report.acceptsCalls && report.hasJournal;
}

/// The shape is the original's; a component that is not configured counts as well.
QJsonObject describe(const HealthReport &report)
{
    QJsonObject object{
        {"status"_L1,
         isReady(report) && report.hasStore && report.hasRedis ? u"ok"_s : u"degraded"_s},
        {"checks"_L1,
         QJsonObject{{"database"_L1, report.hasStore},
                     {"journal"_L1, report.hasJournal},
                     {"redis"_L1, report.hasRedis}}},
    };
    if (!report.reason.isEmpty()) {
        object.insert("reason"_L1, report.reason);
    }
    return object;
}

} // namespace

void HealthApi::health(ports::HttpReply &reply) const
{
    const HealthReport report = m_report();
    sendJson(reply, isReady(report) ? 200 : 503,
             QJsonObject{{"liveliness"_L1, u"ok"_s}, {"readiness"_L1, describe(report)}});
}

void HealthApi::liveliness(ports::HttpReply &reply) const
{
    sendJson(reply, 200, QJsonObject{{"status"_L1, u"ok"_s}});
}

void HealthApi::readiness(ports::HttpReply &reply) const
{
    const HealthReport report = m_report();
    sendJson(reply, isReady(report) ? 200 : 503, describe(report));
}

} // namespace delta::admin

#include "gateway/admin/contract/denial_log.h"

#include "gateway/admin/contract/change_record.h"
#include "gateway/store/control_tables.h"

#include <QLoggingCategory>

#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

Q_LOGGING_CATEGORY(lcAdmin, "delta.admin")

constexpr std::chrono::minutes rest{1};
constexpr qsizetype mostRecent = 1'000;

} // namespace

void DenialLog::note(const AdminRoute &route, const AdminCall &call, const ApiError &error,
                     const Placement &place)
{
    if (error.kind != ErrorKind::PermissionDenied || call.caller.kind == CallerKind::Nobody) {
        return;
    }
    const SteadyTime now = m_clock.steady();
    m_recent.removeIf([now](const auto &entry) { return entry.value() + rest <= now; });
    const QByteArray what = call.caller.id.toUtf8() + '\n' + route.method + ' ' + route.pattern;
    if (m_recent.contains(what) || m_recent.size() >= mostRecent) {
        return;
    }
    m_recent.insert(what, now);
    AuditEvent event = auditEventOf(call);
    event.at = m_clock.wall();
    event.action = u"access.denied"_s;
    event.targetKind = u"route"_s;
    event.targetId = QString::fromLatin1(route.method + ' ' + route.pattern);
    event.targetName = QString::fromUtf8(call.request.path);
    event.organizationId = place.organizationId;
    event.teamId = place.teamId;
    event.outcome = AuditOutcome::Denied;
    event.reason = error.message;
    const auto written = m_store.change([&event](store::ControlTables &tables) {
        return tables.audit.append(std::move(event)).transform([](const AuditEvent &) { });
    });
    if (!written) {
        qCWarning(lcAdmin, "a refusal is not in the audit log: %ls",
                  qUtf16Printable(written.error().message));
    }
}

} // namespace delta::admin

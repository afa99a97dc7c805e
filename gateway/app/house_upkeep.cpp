#include "gateway/admin/resources/configured_deployments.h"
#include "gateway/app/audit_checkpoint.h"
#include "gateway/app/house.h"

#include <QLoggingCategory>

#include <algorithm>
#include <chrono>
#include <utility>

/// \file What a house does again and again: it hears of changes by others, and clears away what is old.

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcApp, "delta.app")

/// Changes that the database tells of are looked at in at most a tenth of the time, so that many of them leave the
/// store queue room for commands; but as often as all changes are looked for anyway.
constexpr int newsRestFactor = 9;
constexpr std::chrono::milliseconds shortestNewsRest{50};
constexpr std::chrono::milliseconds longestNewsRest{500};
/// How often changes by other processes are looked for, which costs a handful of statements that read a row each. PostgreSQL
/// tells of them besides, SQLite does not.
constexpr std::chrono::milliseconds lookIntervalIfTold{500};
constexpr std::chrono::milliseconds lookIntervalAlone{250};
constexpr std::chrono::minutes checkpointInterval{1};

} // namespace

/// Other gateways of the database have them too, so it is said if that changes any: with different files the one
/// that was read last would win.
Result<void> House::adopt(const ConfiguredRows &rows)
{
    AuditEvent file;
    file.actorName = u"configuration file"_s;
    const ports::Seated seated(*m_keyStore, file);
    TRY(const QStringList changed, m_budgetService->adopt(rows.budgets));
    if (!changed.isEmpty()) {
        qCWarning(lcApp, "the configuration changes budgets of all gateways on this database: %ls",
                  qUtf16Printable(changed.join(u", "_s)));
    }
    return admin::showConfigured(*m_keyStore, rows.deployments, m_ground.clock.wall());
}

void House::adoptRows(ConfiguredRows rows)
{
    m_queue->post([this, rows = std::move(rows)] { m_newRows = rows; });
    refresh();
}

std::chrono::milliseconds House::lookInterval() const
{
    return m_grantStore ? lookIntervalIfTold : lookIntervalAlone;
}

void House::refresh()
{
    if (m_grants) {
        m_grants->tend();
    }
    queueRefresh();
}

void House::queueRefresh()
{
    if (m_isRefreshQueued.exchange(true)) {
        return; // A store that hangs must not be asked more and more.
    }
    m_queue->post([this] {
        m_isRefreshQueued = false;
        bringUpToDate();
        if (m_alerts) {
            m_alerts->look();
        }
        removeOldCalls();
        m_contents->removeOld();
        noteAuditHead();
    });
}

/// Tells the log where the audit log ends, each minute in which it grew.
void House::noteAuditHead()
{
    const SteadyTime now = m_ground.clock.steady();
    if (now < m_nextCheckpoint) {
        return;
    }
    m_nextCheckpoint = now + checkpointInterval;
    const Result<store::AuditLink> head = m_keyStore->auditHead();
    if (head && head->sequence != m_checkpoint) {
        m_checkpoint = head->sequence;
        qCInfo(lcApp, "%s", checkpointLine(*head, auth::CheckpointKey(*m_pepper)).constData());
    }
}

void House::bringUpToDate()
{
    const SteadyTime begin = m_ground.clock.steady();
    const Result<void> reloaded = (m_newRows ? adopt(*m_newRows) : Result<void>()).and_then([this] {
        m_newRows.reset();
        return reload();
    });
    if (!reloaded && !m_isTroubleLogged) {
        qCWarning(lcApp, "changes of keys, budgets and rate limits cannot be read: %ls",
                  qUtf16Printable(reloaded.error().message));
    }
    m_isTroubleLogged = !reloaded;
    const auto took = std::chrono::ceil<std::chrono::milliseconds>(m_ground.clock.steady() - begin);
    m_newsRest = std::clamp(newsRestFactor * took, shortestNewsRest, longestNewsRest);
}

/// Each hour, and at once where a portion was not all.
void House::removeOldCalls()
{
    const SteadyTime now = m_ground.clock.steady();
    if (!m_callsKeptFor || now < m_nextRemoval) {
        return;
    }
    const Result<bool> hasMore = m_keyStore->removeEventsBefore(m_ground.clock.wall()
                                                                - *m_callsKeptFor);
    if (!hasMore) {
        qCWarning(lcApp, "calls that are no longer kept cannot be removed: %ls",
                  qUtf16Printable(hasMore.error().message));
    }
    m_nextRemoval = now + (hasMore.value_or(false) ? std::chrono::hours(0) : std::chrono::hours(1));
}

Result<void> House::loadLimits()
{
    TRY_VOID(m_budgetLoader->load());
    TRY_VOID(m_rateLoader->load());
    TRY_VOID(m_modelLoader->refresh());
    TRY_VOID(m_retired.refresh(*m_keyStore));
    return m_owners.refresh(*m_keyStore);
}

/// Brings keys, budgets and rate limits up to date. A text that another takes the place of is known as such before the
/// other is known. No key is known before its budgets and limits, which are
/// made before it, and none of these is forgotten before its key, which is revoked before them. A store that
/// does not answer takes nobody's key away.
Result<void> House::reload()
{
    TRY_VOID(m_settings->refresh());
    TRY_VOID(m_ringKeeper->refresh());
    TRY_VOID(m_directory.refresh(*m_keyStore, [this] { return loadLimits(); }));
    TRY(const ports::KeyMark latest, m_keyStore->keyMark());
    if (latest == m_directory.mark()) {
        m_budgetLoader->prune();
        m_rateLoader->prune();
    }
    return {};
}

} // namespace delta::app

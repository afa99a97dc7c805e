#include "gateway/store/store.h"

#include "gateway/store/budget_grants.h"
#include "gateway/store/budget_resets.h"
#include "gateway/store/budget_spending.h"
#include "gateway/store/grouped_reports.h"
#include "gateway/store/migrations.h"
#include "gateway/store/retention.h"
#include "gateway/store/store_session.h"
#include "gateway/store/transaction.h"
#include "gateway/store/usage_reports.h"

#include <QScopedValueRollback>

#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

Store::Store(DatabaseAddress address, const Clock &clock, QString journal)
    : m_address(std::move(address))
    , m_journal(std::move(journal))
    , m_clock(clock)
{
}

Store::~Store() = default;

Result<Store::Session *> Store::session()
{
    if (m_session && m_session->database->isOfThisThread() && !m_session->database->isLost()) {
        return m_session.get();
    }
    m_session.reset();
    TRY(auto database, Database::open(m_address));
    TRY_VOID(migrate(*database, m_clock));
    m_session = std::make_unique<Session>(
        std::move(database), m_journal, [this](QByteArrayView bytes) { return m_auditMac(bytes); });
    return m_session.get();
}

Result<void> Store::open()
{
    return session().transform([](Session *) { });
}

Result<ports::JournalPosition> Store::journalPosition()
{
    TRY(Session *const current, session());
    if (!m_ledgerLock && m_address.dialect == Dialect::Sqlite) {
        TRY(m_ledgerLock, LedgerLock::take(m_address.place));
    }
    return current->poster.position();
}

Result<void> Store::apply(const std::vector<ports::PostedEntry> &entries,
                          ports::JournalPosition position)
{
    TRY(Session *const current, session());
    return current->poster.post(entries, position);
}

Result<void> Store::eachKey(const ports::KeyStore::Visitor &visit)
{
    TRY(Session *const current, session());
    return current->keys.each(visit);
}

Result<std::vector<ports::StoredKey>> Store::loadKeys()
{
    TRY(Session *const current, session());
    return current->keys.loadAll();
}

Result<std::optional<ports::StoredKey>> Store::findKey(const QString &idOrAlias)
{
    TRY(Session *const current, session());
    return current->keys.find(idOrAlias);
}

Result<std::optional<ports::StoredKey>> Store::findKeyByMac(const QByteArray &mac)
{
    TRY(Session *const current, session());
    return current->keys.findByMac(mac);
}

Result<bool> Store::hasKeys()
{
    TRY(Session *const current, session());
    return current->keys.hasAny();
}

Result<std::vector<ports::RetiredSecret>> Store::retiredSecrets()
{
    TRY(Session *const current, session());
    return current->keys.retiredSecrets();
}

Result<qint64> Store::retiredVersion()
{
    TRY(Session *const current, session());
    return current->keys.retiredVersion();
}

Result<ports::KeyMark> Store::keyMark()
{
    TRY(Session *const current, session());
    return current->keys.mark();
}

Result<std::optional<ports::KeyChanges>> Store::keyChangesSince(const ports::KeyMark &mark)
{
    TRY(Session *const current, session());
    return current->keys.changesSince(mark);
}

Result<std::vector<Budget>> Store::loadBudgets()
{
    TRY(Session *const current, session());
    return current->budgets.loadAll();
}

Result<std::vector<ports::ResetRecord>> Store::resetsOf(const QString &budgetId)
{
    TRY(Session *const current, session());
    return store::resetsOf(*current->database, budgetId);
}

Result<qint64> Store::budgetVersion()
{
    TRY(Session *const current, session());
    return current->budgets.version();
}

Result<ports::SpendingSoFar> Store::spendingOf(const Budget &budget, WallTime since)
{
    TRY(Session *const current, session());
    return m_change ? spendingWithin(*current->database, current->journal, budget, since)
                    : store::spendingOf(*current->database, current->journal, budget, since);
}

Result<void> Store::renewGrant(const ports::GrantQuestion &question, const Decide &decide)
{
    TRY(Session *const current, session());
    return store::renewGrant({*current->database, current->journal, current->tallies}, question,
                             decide);
}

Result<void> Store::dropGrants()
{
    TRY(Session *const current, session());
    return store::dropGrants(*current->database, current->journal);
}

Result<bool> Store::reportIn(const ports::GatewayReport &report)
{
    TRY(Session *const current, session());
    return current->gateways.reportIn(report);
}

Result<void> Store::enroll(const ports::GatewayReport &report)
{
    TRY(Session *const current, session());
    return current->gateways.enroll(report);
}

Result<void> Store::leave()
{
    TRY(Session *const current, session());
    return current->gateways.leave();
}

Result<std::vector<ports::GatewayEntry>> Store::gatewaysNotSeenFor(std::chrono::milliseconds time)
{
    TRY(Session *const current, session());
    return current->gateways.notSeenFor(time);
}

Result<std::vector<ports::GatewayEntry>> Store::gateways()
{
    TRY(Session *const current, session());
    return current->gateways.all();
}

Result<std::optional<ports::GatewayHolding>> Store::forgetGateway(
    qint64 journal, std::optional<std::chrono::milliseconds> notSeenFor)
{
    TRY(Session *const current, session());
    return current->gateways.forget(journal, notSeenFor);
}

Result<std::vector<RateLimit>> Store::loadRateLimits()
{
    TRY(Session *const current, session());
    return current->rateLimits.loadAll();
}

Result<std::vector<RateLimit>> Store::loadRateLimitsOf(RateScope scope, const QString &scopeId)
{
    TRY(Session *const current, session());
    return current->rateLimits.loadOf(scope, scopeId);
}

Result<std::optional<RateLimit>> Store::findRateLimit(const RateSubject &subject)
{
    TRY(Session *const current, session());
    return current->rateLimits.find(subject);
}

Result<qint64> Store::rateLimitVersion()
{
    TRY(Session *const current, session());
    return current->rateLimits.version();
}

Result<QStringList> Store::sealingKeys()
{
    TRY(Session *const current, session());
    return current->sealingKeys.ids();
}

Result<void> Store::addSealingKey(const QString &id)
{
    TRY(Session *const current, session());
    return current->sealingKeys.add(id, m_clock.wall());
}

Result<std::vector<ports::PostedEntry>> Store::spendLog(const SpendFilter &filter, const Page &page)
{
    TRY(Session *const current, session());
    return current->reports.log(filter, page);
}

Result<SpendTotals> Store::spendTotals(const SpendFilter &filter)
{
    TRY(Session *const current, session());
    return current->reports.totals(filter);
}

Result<CallPage> Store::calls(const CallFilter &filter, std::optional<CallPlace> place, int limit)
{
    TRY(Session *const current, session());
    return CallLog(*current->database).page(filter, place, limit);
}

Result<std::optional<LoggedCall>> Store::call(qint64 id, const ListReach &reach)
{
    TRY(Session *const current, session());
    return CallLog(*current->database).find(id, reach);
}

Result<CallTail> Store::callsBehind(const CallFilter &filter, const JournalOffsets &offsets,
                                    int limit)
{
    TRY(Session *const current, session());
    return CallLog(*current->database).behind(filter, offsets, limit);
}

Result<JournalOffsets> Store::journalOffsets()
{
    TRY(Session *const current, session());
    return CallLog(*current->database).offsets();
}

Result<UsageReport> Store::usage(const UsageQuestion &question)
{
    TRY(Session *const current, session());
    const auto today = std::chrono::floor<std::chrono::days>(m_clock.wall().time_since_epoch());
    return UsageReports(*current->database, current->pastSums, today.count()).read(question);
}

Result<SpendReport> Store::spendReport(const ReportQuestion &question)
{
    TRY(Session *const current, session());
    return GroupedReports(*current->database).read(question);
}

Result<AlertRepository *> Store::alerts()
{
    TRY(Session *const current, session());
    return &current->alerts;
}

Result<LoginTables *> Store::logins()
{
    TRY(Session *const current, session());
    return &current->logins;
}

Result<bool> Store::removeEventsBefore(WallTime before)
{
    TRY(Session *const current, session());
    return store::removeEventsBefore(*current->database, before);
}

Result<bool> Store::removeContentsBefore(WallTime before)
{
    TRY(Session *const current, session());
    return current->control.contents.removeBefore(before);
}

Result<qint64> Store::callIdOf(std::uint64_t offset)
{
    TRY(Session *const current, session());
    return current->journal.id().transform(
        [offset](qint64 journal) { return eventId(journal, offset); });
}

Result<void> Store::keepContents(const std::vector<ports::SealedContent> &contents)
{
    TRY(Session *const current, session());
    return current->control.contents.keep(contents);
}

Result<Verification> Store::verify()
{
    TRY(Session *const current, session());
    return store::verify(*current->database);
}

Result<void> Store::eachOwner(const ports::OwnerStore::Visitor &visit)
{
    TRY(Session *const current, session());
    return current->control.eachOwner(visit);
}

Result<qint64> Store::ownerVersion()
{
    TRY(Session *const current, session());
    return current->control.ownerVersion();
}

Result<ports::StoredModels> Store::loadModels()
{
    TRY(Session *const current, session());
    return current->control.models.load();
}

Result<qint64> Store::modelVersion()
{
    TRY(Session *const current, session());
    return current->control.models.version();
}

Result<EndUserTraces> Store::endUserTraces(const QString &endUser)
{
    TRY(Session *const current, session());
    return findEndUser(*current->database, current->control, endUser);
}

Result<void> Store::eraseEndUser(const QString &endUser, AuditEvent event)
{
    TRY(Session *const current, session());
    TRY(auto transaction, Transaction::begin(*current->database));
    TRY_VOID(store::eraseEndUser(*current->database, current->control, endUser));
    TRY_VOID(current->control.audit.append(std::move(event)));
    return transaction.commit();
}

Result<AuditVerification> Store::verifyAudit(const NextCheckpoint &next)
{
    TRY(Session *const current, session());
    return store::verifyAudit(*current->database, m_auditMac, next);
}

Result<void> Store::eachAuditEvent(const std::function<void(const AuditEvent &event)> &visit)
{
    TRY(Session *const current, session());
    return current->database->each("audit/select_all"_L1, {},
                                   [&visit](const QSqlQuery &row) { visit(auditEventOf(row)); });
}

Result<AuditLink> Store::auditHead()
{
    TRY(Session *const current, session());
    AuditLink head;
    TRY_VOID(current->database->each("audit/select_head"_L1, {}, [&head](const QSqlQuery &row) {
        head = {row.value(0).toLongLong(), row.value(1).toString().toLatin1()};
    }));
    return head;
}

Result<void> Store::change(const ControlWork &work)
{
    TRY(Session *const current, session());
    if (m_change) {
        auto done = work(current->control);
        if (!done) {
            m_change->fault = done.error();
        }
        return done;
    }
    Change change;
    const QScopedValueRollback underWay(m_change, &change);
    TRY(auto transaction, Transaction::begin(*current->database));
    TRY_VOID(work(current->control));
    return change.fault ? failure(*std::move(change.fault)) : transaction.commit();
}

Result<void> Store::look(const ControlWork &work)
{
    TRY(Session *const current, session());
    return work(current->control);
}

} // namespace delta::store

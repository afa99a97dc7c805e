#pragma once

#include "gateway/ports/actor_seat.h"
#include "gateway/ports/budget_grants.h"
#include "gateway/ports/budget_store.h"
#include "gateway/ports/content_store.h"
#include "gateway/ports/gateway_roll.h"
#include "gateway/ports/key_store.h"
#include "gateway/ports/model_store.h"
#include "gateway/ports/owner_store.h"
#include "gateway/ports/rate_limit_store.h"
#include "gateway/ports/spend_store.h"
#include "gateway/store/audit_record.h"
#include "gateway/store/audit_verification.h"
#include "gateway/store/call_log.h"
#include "gateway/store/database_address.h"
#include "gateway/store/end_user_erasure.h"
#include "gateway/store/ledger_lock.h"
#include "gateway/store/spend_filter.h"
#include "gateway/store/spend_report.h"
#include "gateway/store/spend_totals.h"
#include "gateway/store/usage_question.h"
#include "gateway/store/verification.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QString>
#include <QStringList>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace delta::store {

class AlertRepository;
class ControlTables;
class LoginTables;

/// The store in one database: a SQLite file, or PostgreSQL. An object has one connection, which it makes when it is first
/// needed and makes anew when another thread uses it: make one object for each thread that needs
/// the store. Used from one thread at a time. Every function may be called again after an error.
class Store final : public ports::SpendStore,
                    public ports::KeyStore,
                    public ports::BudgetStore,
                    public ports::BudgetGrants,
                    public ports::GatewayRoll,
                    public ports::RateLimitStore,
                    public ports::OwnerStore,
                    public ports::ModelStore,
                    public ports::ContentStore,
                    public ports::ActorSeat
{
public:
    /// `clock` must outlive the store. `journal` is the name of the gateway's journal, which tells the gateways
    /// of one database apart; it may be empty where nothing is posted, and SQLite takes no notice of it. Touches
    /// nothing yet.
    Store(DatabaseAddress address, const Clock &clock, QString journal = {});
    ~Store() override;
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;

    /// Connects, makes the file if need be, and brings its schema up to date.
    /// Errors: StoreUnavailable, also for a database that a newer version wrote.
    [[nodiscard]] Result<void> open();

    // ports::SpendStore. The first call makes this process the only one that posts to the database.
    [[nodiscard]] Result<ports::JournalPosition> journalPosition() override;
    [[nodiscard]] Result<void> apply(const std::vector<ports::PostedEntry> &entries,
                                     ports::JournalPosition position) override;

    // ports::KeyStore
    [[nodiscard]] Result<void> eachKey(const ports::KeyStore::Visitor &visit) override;
    [[nodiscard]] Result<std::vector<ports::StoredKey>> loadKeys() override;
    [[nodiscard]] Result<std::optional<ports::StoredKey>> findKey(
        const QString &idOrAlias) override;
    [[nodiscard]] Result<std::optional<ports::StoredKey>> findKeyByMac(
        const QByteArray &mac) override;
    [[nodiscard]] Result<bool> hasKeys() override;
    [[nodiscard]] Result<void> insertKey(const ports::StoredKey &key) override;
    [[nodiscard]] Result<bool> removeKey(const QString &id) override;
    [[nodiscard]] Result<std::vector<ports::RetiredSecret>> retiredSecrets() override;
    [[nodiscard]] Result<qint64> retiredVersion() override;
    [[nodiscard]] Result<ports::KeyMark> keyMark() override;
    [[nodiscard]] Result<std::optional<ports::KeyChanges>> keyChangesSince(
        const ports::KeyMark &mark) override;

    // ports::BudgetStore
    [[nodiscard]] Result<std::vector<Budget>> loadBudgets() override;
    [[nodiscard]] Result<void> insertBudget(const Budget &budget) override;
    [[nodiscard]] Result<bool> updateBudget(const Budget &budget) override;
    [[nodiscard]] Result<bool> removeBudget(const QString &id) override;
    [[nodiscard]] Result<std::optional<ports::ResetRecord>> resetBudget(
        const ports::ResetWish &wish) override;
    [[nodiscard]] Result<std::vector<ports::ResetRecord>> resetsOf(
        const QString &budgetId) override;
    [[nodiscard]] Result<qint64> budgetVersion() override;
    [[nodiscard]] Result<ports::SpendingSoFar> spendingOf(const Budget &budget,
                                                          WallTime since) override;

    // ports::BudgetGrants. In PostgreSQL only: a file has one gateway.
    [[nodiscard]] Result<void> renewGrant(const ports::GrantQuestion &question,
                                          const Decide &decide) override;
    [[nodiscard]] Result<void> dropGrants() override;

    // ports::GatewayRoll. Likewise.
    [[nodiscard]] Result<bool> reportIn(const ports::GatewayReport &report) override;
    [[nodiscard]] Result<void> enroll(const ports::GatewayReport &report) override;
    [[nodiscard]] Result<void> leave() override;
    [[nodiscard]] Result<std::vector<ports::GatewayEntry>> gatewaysNotSeenFor(
        std::chrono::milliseconds time) override;
    [[nodiscard]] Result<std::vector<ports::GatewayEntry>> gateways() override;
    [[nodiscard]] Result<std::optional<ports::GatewayHolding>> forgetGateway(
        qint64 journal, std::optional<std::chrono::milliseconds> notSeenFor) override;

    // ports::RateLimitStore
    [[nodiscard]] Result<std::vector<RateLimit>> loadRateLimits() override;
    [[nodiscard]] Result<std::vector<RateLimit>> loadRateLimitsOf(RateScope scope,
                                                                  const QString &scopeId) override;
    [[nodiscard]] Result<std::optional<RateLimit>> findRateLimit(
        const RateSubject &subject) override;
    [[nodiscard]] Result<void> putRateLimit(const RateLimit &limit) override;
    [[nodiscard]] Result<bool> removeRateLimit(const RateSubject &subject) override;
    [[nodiscard]] Result<bool> removeRateLimitsOf(RateScope scope, const QString &scopeId) override;
    [[nodiscard]] Result<qint64> rateLimitVersion() override;

    // ports::OwnerStore
    [[nodiscard]] Result<void> eachOwner(const ports::OwnerStore::Visitor &visit) override;
    [[nodiscard]] Result<qint64> ownerVersion() override;

    // ports::ModelStore
    [[nodiscard]] Result<ports::StoredModels> loadModels() override;
    [[nodiscard]] Result<qint64> modelVersion() override;

    // ports::ContentStore
    [[nodiscard]] Result<qint64> callIdOf(std::uint64_t offset) override;
    [[nodiscard]] Result<void> keepContents(
        const std::vector<ports::SealedContent> &contents) override;

    // ports::ActorSeat
    void seat(AuditEvent actor) override
    {
        m_actor = std::move(actor);
    }

    /// Sets what vouches for the records of the audit log; before change() is used. All gateways of a database need
    /// the same. Without it changes through the ports are not recorded: for a store that is only read, and for tests.
    void useAuditMac(AuditMac mac)
    {
        m_auditMac = std::move(mac);
    }
    /// See findEndUser().
    [[nodiscard]] Result<EndUserTraces> endUserTraces(const QString &endUser);
    /// See eraseEndUser(). All of it in one transaction, with a record in the audit log that does not have the name.
    [[nodiscard]] Result<void> eraseEndUser(const QString &endUser, AuditEvent event);
    /// See verifyAudit(). Uses what useAuditMac() set.
    [[nodiscard]] Result<AuditVerification> verifyAudit(const NextCheckpoint &next);
    /// Hands over the whole audit log, oldest first, as its records are kept.
    [[nodiscard]] Result<void> eachAuditEvent(
        const std::function<void(const AuditEvent &event)> &visit);
    /// Returns the newest record of the audit log.
    [[nodiscard]] Result<AuditLink> auditHead();
    /// What is done with the tables that admins change.
    using ControlWork = std::function<Result<void>(ControlTables &tables)>;
    /// Does all of the work in one transaction: if it fails, nothing of it has happened. Errors: those of the work;
    /// StoreUnavailable.
    /// A change within the work of another is a part of that one: what goes wrong in it undoes all.
    [[nodiscard]] Result<void> change(const ControlWork &work);
    /// Says whether work of change() is being done: what it wrote is not true yet.
    [[nodiscard]] bool isChanging() const
    {
        return m_change != nullptr;
    }
    /// Does work that only reads. Errors: likewise.
    [[nodiscard]] Result<void> look(const ControlWork &work);
    /// See SealingKeys.
    [[nodiscard]] Result<QStringList> sealingKeys();
    [[nodiscard]] Result<void> addSealingKey(const QString &id);
    /// See SpendReports.
    [[nodiscard]] Result<std::vector<ports::PostedEntry>> spendLog(const SpendFilter &filter,
                                                                   const Page &page);
    [[nodiscard]] Result<SpendTotals> spendTotals(const SpendFilter &filter);
    /// See GroupedReports.
    [[nodiscard]] Result<SpendReport> spendReport(const ReportQuestion &question);
    /// See CallLog.
    [[nodiscard]] Result<CallPage> calls(const CallFilter &filter, std::optional<CallPlace> place,
                                         int limit);
    [[nodiscard]] Result<std::optional<LoggedCall>> call(qint64 id, const ListReach &reach);
    /// See CallLog::behind() and CallLog::offsets().
    [[nodiscard]] Result<CallTail> callsBehind(const CallFilter &filter,
                                               const JournalOffsets &offsets, int limit);
    [[nodiscard]] Result<JournalOffsets> journalOffsets();
    /// See UsageReports.
    [[nodiscard]] Result<UsageReport> usage(const UsageQuestion &question);
    /// Returns the tables of alerts, for AlertOutbox; good until the next call.
    [[nodiscard]] Result<AlertRepository *> alerts();
    /// Returns the tables of logins, for gateway/identity; good until the next call.
    [[nodiscard]] Result<LoginTables *> logins();
    /// See removeEventsBefore().
    [[nodiscard]] Result<bool> removeEventsBefore(WallTime before);
    /// See ContentTable::removeBefore().
    [[nodiscard]] Result<bool> removeContentsBefore(WallTime before);
    /// See store::verify().
    [[nodiscard]] Result<Verification> verify();

private:
    struct Session;
    /// What is changed through a port; gives what the audit log is told of it, which is nothing if nothing changed.
    using PortWork = std::function<Result<std::vector<AuditEvent>>(Session &session)>;
    [[nodiscard]] Result<Session *> session();
    [[nodiscard]] Result<void> record(const PortWork &work);

    const DatabaseAddress m_address;
    const QString m_journal;
    const Clock &m_clock;
    AuditMac m_auditMac;
    AuditEvent m_actor; ///< Who acts, and nothing else.
    std::optional<LedgerLock> m_ledgerLock;
    std::unique_ptr<Session> m_session; ///< Null until needed.
    /// A change that is under way, and what went wrong in one within it.
    struct Change {
        std::optional<ApiError> fault;
    };
    Change *m_change = nullptr; ///< Null: none is.
};

} // namespace delta::store

#include "gateway/store/budget_grants.h"

#include "gateway/store/budget_spending.h"
#include "gateway/store/database.h"
#include "gateway/store/journal_row.h"
#include "gateway/store/transaction.h"

#include <QMetaType>
#include <QVariant>

#include <chrono>
#include <optional>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// How often the sums are read anew when our own ledger posts while they are read.
constexpr int attempts = 3;

Result<bool> lockBudget(Database &database, const QString &id)
{
    bool isThere = false;
    TRY_VOID(database.each("grants/lock_budget"_L1, {id},
                           [&isThere](const QSqlQuery &) { isThere = true; }));
    return isThere;
}

Result<Money> heldElsewhere(Database &database, const QString &id, qint64 journal)
{
    Money held;
    TRY_VOID(database.each("grants/sum_others"_L1, {id, journal}, [&held](const QSqlQuery &row) {
        held = Money::fromNanos(row.value(0).toLongLong());
    }));
    return held;
}

/// Reads what was spent as of one position of our journal. If it moves all the time, some of what we spent is
/// in the sum and behind the position too: that is too much, never too little.
Result<ports::SpendingSoFar> spendingSoFar(Database &database, JournalRow &journal,
                                           const ports::GrantQuestion &question)
{
    ports::SpendingSoFar soFar;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        TRY(const ports::JournalPosition before, journal.position());
        TRY(soFar.spendings, spendings(database, question.budget, question.since));
        TRY(const ports::JournalPosition after, journal.position());
        soFar.applied = before.applied;
        if (after.applied == before.applied) {
            break;
        }
    }
    return soFar;
}

Result<void> write(Database &database, const QString &id, qint64 journal, const ports::Grant &grant)
{
    if (grant.amount <= Money()) {
        return database.run("grants/delete"_L1, {id, journal}).transform([](int) { });
    }
    const QVariant lifetime = grant.lifetime ? QVariant(qint64(grant.lifetime->count()))
                                             : QVariant(QMetaType::fromType<qint64>());
    return database.run("grants/upsert"_L1, {id, journal, qint64(grant.amount.nanos()), lifetime})
        .transform([](int) { });
}

} // namespace

Result<void> renewGrant(Database &database, JournalRow &journal,
                        const ports::GrantQuestion &question,
                        const ports::BudgetGrants::Decide &decide)
{
    const QString &id = question.budget.id;
    TRY(const qint64 number, journal.id()); // It may have to be made, which need not be undone.
    // Each statement sees what was committed before it. So what others hold is read before what was spent:
    // they give back only what the sums show by then.
    TRY(Transaction transaction, Transaction::begin(database));
    TRY(const bool isThere, lockBudget(database, id));
    if (!isThere) {
        return {};
    }
    TRY([[maybe_unused]] const int expired, database.run("grants/delete_expired"_L1, {id}));
    ports::GrantPicture seen;
    TRY(seen.elsewhere, heldElsewhere(database, id, number));
    TRY(seen.before, spendingSoFar(database, journal, question));
    TRY_VOID(write(database, id, number, decide(seen)));
    return transaction.commit();
}

Result<void> dropGrants(Database &database, JournalRow &journal)
{
    TRY(const qint64 number, journal.id());
    return database.run("grants/delete_all"_L1, {number}).transform([](int) { });
}

} // namespace delta::store

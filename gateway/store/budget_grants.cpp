#include "gateway/store/budget_grants.h"

#include "gateway/store/budget_tallies.h"
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

Result<void> renewGrant(const GrantRoom &room, const ports::GrantQuestion &question,
                        const ports::BudgetGrants::Decide &decide)
{
    const QString &id = question.budget.id;
    TRY(const qint64 number,
        room.journal.id()); // It may have to be made, which need not be undone.
    // What takes long is read before others have to wait.
    TRY(const BudgetTally *const tally, room.tallies.prepare(question));
    // Each statement sees what was committed before it. So what others hold is read before what was spent:
    // they give back only what the sums show by then.
    TRY(Transaction transaction, Transaction::begin(room.database));
    TRY(const bool isThere, lockBudget(room.database, id));
    if (!isThere) {
        room.tallies.forget(id);
        return {};
    }
    TRY([[maybe_unused]] const int expired, room.database.run("grants/delete_expired"_L1, {id}));
    ports::GrantPicture seen;
    TRY(seen.elsewhere, heldElsewhere(room.database, id, number));
    TRY_VOID(room.tallies.catchUp());
    seen.before = {room.tallies.applied(number), tally->spendings()};
    TRY_VOID(write(room.database, id, number, decide(seen)));
    return transaction.commit();
}

Result<void> dropGrants(Database &database, JournalRow &journal)
{
    TRY(const qint64 number, journal.id());
    return database.run("grants/delete_all"_L1, {number}).transform([](int) { });
}

} // namespace delta::store

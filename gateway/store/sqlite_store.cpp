#include "gateway/store/sqlite_store.h"

#include "gateway/store/budget_repository.h"
#include "gateway/store/budget_spending.h"
#include "gateway/store/database.h"
#include "gateway/store/key_repository.h"
#include "gateway/store/migrations.h"
#include "gateway/store/spend_poster.h"
#include "gateway/store/spend_reports.h"

#include <utility>

namespace delta::store {

/// A connection and what works on it. The poster's statement must go before the connection.
struct SqliteStore::Session {
    explicit Session(std::unique_ptr<Database> connection)
        : database(std::move(connection))
        , poster(*database)
        , keys(*database)
        , budgets(*database)
        , reports(*database)
    {
    }

    std::unique_ptr<Database> database;
    SpendPoster poster;
    KeyRepository keys;
    BudgetRepository budgets;
    SpendReports reports;
};

SqliteStore::SqliteStore(QString path, const Clock &clock)
    : m_path(std::move(path))
    , m_clock(clock)
{
}

SqliteStore::~SqliteStore() = default;

Result<SqliteStore::Session *> SqliteStore::session()
{
    if (m_session && m_session->database->isOfThisThread()) {
        return m_session.get();
    }
    m_session.reset();
    TRY(auto database, Database::open(m_path));
    TRY_VOID(migrate(*database, m_clock));
    m_session = std::make_unique<Session>(std::move(database));
    return m_session.get();
}

Result<void> SqliteStore::open()
{
    return session().transform([](Session *) { });
}

Result<ports::JournalPosition> SqliteStore::journalPosition()
{
    TRY(Session *const current, session());
    if (!m_ledgerLock) {
        TRY(m_ledgerLock, LedgerLock::take(m_path));
    }
    return current->poster.position();
}

Result<void> SqliteStore::apply(const std::vector<ports::PostedEntry> &entries,
                                ports::JournalPosition position)
{
    TRY(Session *const current, session());
    return current->poster.post(entries, position);
}

Result<std::vector<ports::StoredKey>> SqliteStore::loadKeys()
{
    TRY(Session *const current, session());
    return current->keys.loadAll();
}

Result<std::optional<ports::StoredKey>> SqliteStore::findKey(const QString &idOrAlias)
{
    TRY(Session *const current, session());
    return current->keys.find(idOrAlias);
}

Result<void> SqliteStore::insertKey(const ports::StoredKey &key)
{
    TRY(Session *const current, session());
    return current->keys.insert(key);
}

Result<bool> SqliteStore::removeKey(const QString &id)
{
    TRY(Session *const current, session());
    return current->keys.remove(id);
}

Result<qint64> SqliteStore::keyVersion()
{
    TRY(Session *const current, session());
    return current->keys.version();
}

Result<std::vector<Budget>> SqliteStore::loadBudgets()
{
    TRY(Session *const current, session());
    return current->budgets.loadAll();
}

Result<void> SqliteStore::insertBudget(const Budget &budget)
{
    TRY(Session *const current, session());
    return current->budgets.insert(budget);
}

Result<bool> SqliteStore::updateBudget(const Budget &budget)
{
    TRY(Session *const current, session());
    return current->budgets.update(budget);
}

Result<bool> SqliteStore::removeBudget(const QString &id)
{
    TRY(Session *const current, session());
    return current->budgets.remove(id);
}

Result<qint64> SqliteStore::budgetVersion()
{
    TRY(Session *const current, session());
    return current->budgets.version();
}

Result<ports::SpendingSoFar> SqliteStore::spendingOf(const Budget &budget, WallTime since)
{
    TRY(Session *const current, session());
    return store::spendingOf(*current->database, budget, since);
}

Result<std::vector<ports::PostedEntry>> SqliteStore::spendLog(const SpendFilter &filter,
                                                              const Page &page)
{
    TRY(Session *const current, session());
    return current->reports.log(filter, page);
}

Result<SpendTotals> SqliteStore::spendTotals(const SpendFilter &filter)
{
    TRY(Session *const current, session());
    return current->reports.totals(filter);
}

Result<Verification> SqliteStore::verify()
{
    TRY(Session *const current, session());
    return store::verify(*current->database);
}

} // namespace delta::store

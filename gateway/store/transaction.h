#pragma once

#include "gateway/store/database.h"
#include "gateway/store/driver.h"
#include "shared/core/result.h"

#include <tuple>
#include <utility>

namespace delta::store {

/// A transaction. Dies without a commit: nothing of it has happened.
class Transaction
{
public:
    /// Begins to write. In SQLite that takes the write lock at once, so that a later statement cannot lose it to
    /// another process.
    [[nodiscard]] static Result<Transaction> begin(Database &database)
    {
        TRY_VOID(database.execute(database.driver().beginWriting));
        return Transaction(database);
    }
    /// Holds on to one state of the database, whatever others write meanwhile. Nothing may be written in
    /// it.
    [[nodiscard]] static Result<Transaction> beginReading(Database &database)
    {
        TRY_VOID(database.execute(database.driver().beginReading));
        return Transaction(database);
    }
    Transaction(Transaction &&other) noexcept
        : m_database(std::exchange(other.m_database, nullptr))
    {
    }
    Transaction &operator=(Transaction &&) = delete;
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    ~Transaction()
    {
        if (m_database) {
            // It fails only where the database has rolled back by itself already.
            std::ignore = m_database->execute(QStringLiteral("ROLLBACK"));
        }
    }

    [[nodiscard]] Result<void> commit()
    {
        TRY_VOID(m_database->execute(QStringLiteral("COMMIT")));
        m_database = nullptr;
        return {};
    }

private:
    explicit Transaction(Database &database)
        : m_database(&database)
    {
    }

    Database *m_database; ///< Null once committed or moved from.
};

} // namespace delta::store

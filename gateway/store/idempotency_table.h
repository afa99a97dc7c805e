#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace delta::store {

class Database;

/// What a request with an Idempotency-Key was answered.
struct IdempotentAnswer {
    QByteArray
        requestHash; ///< Of what was asked, so that another question with the same key is told apart.
    QByteArray sealed; ///< The answer, encrypted.
};

/// The table of answers that may be asked for again. See Database for threads and errors.
class IdempotencyTable
{
public:
    /// `database` is borrowed, and outlives the table.
    explicit IdempotencyTable(Database &database)
        : m_database(database)
    {
    }
    IdempotencyTable(const IdempotencyTable &) = delete;
    IdempotencyTable &operator=(const IdempotencyTable &) = delete;

    /// Returns the answer to a key of a scope; nothing if none is kept.
    [[nodiscard]] Result<std::optional<IdempotentAnswer>> find(const QString &scope,
                                                               const QByteArray &keyHash);
    /// Keeps an answer, and removes those that are older than a day.
    /// Errors: also InvalidRequest if somebody else answered the same meanwhile.
    [[nodiscard]] Result<void> keep(const QString &scope, const QByteArray &keyHash,
                                    const IdempotentAnswer &answer, WallTime now);

private:
    Database &m_database;
};

} // namespace delta::store

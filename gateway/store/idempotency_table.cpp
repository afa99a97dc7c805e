#include "gateway/store/idempotency_table.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"

#include <chrono>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

constexpr std::chrono::hours keptFor{24};

qint64 millisecondsOf(WallTime time)
{
    return time.time_since_epoch().count();
}

} // namespace

Result<std::optional<IdempotentAnswer>> IdempotencyTable::find(const QString &scope,
                                                               const QByteArray &keyHash)
{
    std::optional<IdempotentAnswer> found;
    TRY_VOID(m_database.each("idempotency/select"_L1, {present(scope), keyHash},
                             [&found](const QSqlQuery &row) {
                                 found = {row.value(0).toByteArray(), row.value(1).toByteArray()};
                             }));
    return found;
}

Result<void> IdempotencyTable::keep(const QString &scope, const QByteArray &keyHash,
                                    const IdempotentAnswer &answer, WallTime now)
{
    TRY_VOID(m_database.run("idempotency/delete_old"_L1, {millisecondsOf(now - keptFor)}));
    TRY_VOID(m_database.run(
        "idempotency/insert"_L1,
        {present(scope), keyHash, answer.requestHash, answer.sealed, millisecondsOf(now)}));
    return {};
}

} // namespace delta::store

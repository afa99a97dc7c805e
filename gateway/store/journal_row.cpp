#include "gateway/store/journal_row.h"

#include "gateway/store/database.h"

namespace delta::store {

using namespace Qt::StringLiterals;

Result<qint64> JournalRow::id()
{
    if (m_database.dialect() == Dialect::Sqlite || m_name.isEmpty()) {
        return 0;
    }
    if (!m_id) {
        TRY([[maybe_unused]] const int made, m_database.run("journal/enroll"_L1, {m_name}));
        TRY_VOID(m_database.each("journal/select_id"_L1, {m_name}, [this](const QSqlQuery &row) {
            m_id = row.value(0).toLongLong();
        }));
    }
    return *m_id;
}

Result<void> JournalRow::claim()
{
    if (m_isClaimed || m_database.dialect() == Dialect::Sqlite) {
        return {};
    }
    TRY(const qint64 journal, id());
    TRY_VOID(m_database.each("journal/lock"_L1, {journal}, [this](const QSqlQuery &row) {
        m_isClaimed = row.value(0).toInt() == 1;
    }));
    if (!m_isClaimed) {
        return failure(
            ApiError::storeUnavailable(u"Another gateway posts the journal '%1' to this database "
                                       u"already. Stop it, or give this one a state "
                                       "folder of its own."_s.arg(m_name)));
    }
    return {};
}

Result<ports::JournalPosition> JournalRow::position()
{
    TRY(const qint64 journal, id());
    ports::JournalPosition position;
    TRY_VOID(m_database.each("journal/select"_L1, {journal}, [&position](const QSqlQuery &row) {
        position.applied = row.value(0).toULongLong();
        position.retain = row.value(1).toULongLong();
    }));
    return position;
}

Result<void> JournalRow::move(ports::JournalPosition next)
{
    TRY(const qint64 journal, id());
    return m_database.run("journal/update"_L1, {qint64(next.applied), qint64(next.retain), journal})
        .transform([](int) { });
}

} // namespace delta::store

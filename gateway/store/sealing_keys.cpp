#include "gateway/store/sealing_keys.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"

namespace delta::store {

using namespace Qt::StringLiterals;

Result<QStringList> SealingKeys::ids()
{
    QStringList ids;
    TRY_VOID(m_database.each("sealing/select_ids"_L1, {}, [&ids](const QSqlQuery &row) {
        ids.append(row.value(0).toString());
    }));
    return ids;
}

Result<void> SealingKeys::add(const QString &id, WallTime since)
{
    const qint64 sinceAt = since.time_since_epoch().count();
    return m_database.run("sealing/insert"_L1, {id, sinceAt}).transform([](int) { });
}

Result<std::vector<SealingKeyRow>> SealingKeys::all()
{
    std::vector<SealingKeyRow> rows;
    TRY_VOID(m_database.each("sealing/select_all"_L1, {}, [&rows](const QSqlQuery &row) {
        rows.push_back({row.value(0).toString(), timeAt(row, 1)});
    }));
    return rows;
}

Result<void> SealingKeys::remove(const QString &id)
{
    return m_database.run("sealing/delete"_L1, {id}).transform([](int) { });
}

} // namespace delta::store

#include "gateway/store/name_table.h"

#include "gateway/store/database.h"

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Beyond this many remembered names it starts over: memory stays bounded, whatever clients send.
constexpr qsizetype maxRemembered = 100'000;

} // namespace

Result<qint64> NameTable::find(const QByteArray &name)
{
    if (name.isEmpty()) {
        return 0;
    }
    qint64 id = -1;
    TRY_VOID(m_database.each("names/select_id"_L1, {QString::fromUtf8(name)},
                             [&id](const QSqlQuery &row) { id = row.value(0).toLongLong(); }));
    return id;
}

Result<qint64> NameTable::intern(const QByteArray &name)
{
    if (const auto known = m_ids.constFind(name); known != m_ids.constEnd()) {
        return *known;
    }
    TRY(qint64 id, find(name));
    if (id < 0) {
        TRY_VOID(m_database.each("names/insert"_L1, {QString::fromUtf8(name)},
                                 [&id](const QSqlQuery &row) { id = row.value(0).toLongLong(); }));
    }
    if (id < 0) {
        TRY(id, find(name)); // Another gateway was faster.
    }
    if (m_ids.size() >= maxRemembered) {
        m_ids.clear();
    }
    m_ids.insert(name, id);
    return id;
}

} // namespace delta::store

#include "gateway/store/row_copy.h"

#include "gateway/store/database.h"

namespace delta::store {

Result<void> RowCopy::add(std::span<const qint64> row)
{
    for (const qint64 value : row) {
        m_lines += QByteArray::number(value) + '\t';
    }
    m_lines.back() = '\n';
    return {};
}

Result<void> RowCopy::finish()
{
    if (m_lines.isEmpty()) {
        return {};
    }
    TRY_VOID(m_database.copy(m_copy, m_lines));
    m_lines.clear();
    return m_merge.isEmpty() ? Result<void>() : m_database.run(m_merge).transform([](int) { });
}

} // namespace delta::store

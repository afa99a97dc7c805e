#pragma once

#include "gateway/store/row_sink.h"

#include <QByteArray>
#include <QLatin1StringView>

namespace delta::store {

class Database;

/// Rows for PostgreSQL: they go there in one COPY, into a table of the batch where they have to be merged with
/// what is there.
class RowCopy final : public RowSink
{
public:
    /// `copy` is a COPY statement of sql/queries; `merge` one that brings what it took to where it belongs, or
    /// empty. `database` must outlive it.
    RowCopy(Database &database, QLatin1StringView copy, QLatin1StringView merge)
        : m_database(database)
        , m_copy(copy)
        , m_merge(merge)
    {
    }

    [[nodiscard]] Result<void> add(std::span<const qint64> row) override;
    [[nodiscard]] Result<void> finish() override;
    void clear() override
    {
        m_lines.clear();
    }

private:
    Database &m_database;
    QLatin1StringView m_copy;
    QLatin1StringView m_merge;
    QByteArray m_lines;
};

} // namespace delta::store

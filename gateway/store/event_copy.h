#pragma once

#include "gateway/store/row_sink.h"

#include <QByteArray>

namespace delta::store {

class Database;

/// Settled calls for PostgreSQL: they go there in one COPY.
class EventCopy final : public EventSink
{
public:
    /// `database` must outlive it.
    explicit EventCopy(Database &database)
        : m_database(database)
    {
    }

    [[nodiscard]] Result<void> add(const EventRow &row) override;
    [[nodiscard]] Result<void> finish() override;
    void clear() override
    {
        m_lines.clear();
    }

private:
    Database &m_database;
    QByteArray m_lines;
};

} // namespace delta::store

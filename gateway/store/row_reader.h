#pragma once

#include "shared/models/usage.h"

#include <QByteArray>
#include <QSqlQuery>
#include <QtTypes>

#include <chrono>

namespace delta::store {

/// Reads the columns of one row of a result, one after another. Lives no longer than the row.
class RowReader
{
public:
    explicit RowReader(const QSqlQuery &row)
        : m_row(row)
    {
    }

    [[nodiscard]] qint64 number()
    {
        return m_row.value(m_next++).toLongLong();
    }
    [[nodiscard]] QByteArray text()
    {
        return m_row.value(m_next++).toString().toUtf8();
    }
    [[nodiscard]] std::chrono::microseconds duration()
    {
        return std::chrono::microseconds(number());
    }
    /// Reads a duration; -1 where there is none.
    [[nodiscard]] std::chrono::microseconds durationOrNone()
    {
        return m_row.isNull(m_next) ? (++m_next, std::chrono::microseconds(-1)) : duration();
    }
    /// Reads the eight counts of usage.
    [[nodiscard]] Usage usage()
    {
        // Braces fix the order of the calls.
        return {number(), number(), number(), number(), number(), number(), number(), number()};
    }

private:
    const QSqlQuery &m_row;
    int m_next = 0;
};

} // namespace delta::store

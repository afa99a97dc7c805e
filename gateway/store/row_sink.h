#pragma once

#include "gateway/store/event_row.h"
#include "shared/core/result.h"

#include <QtTypes>

#include <span>

namespace delta::store {

/// Takes the rows of one statement that a batch is posted with. Within a transaction. Errors of all functions:
/// StoreUnavailable; then the batch has failed, and the sink is empty again.
class RowSink
{
public:
    RowSink() = default;
    RowSink(const RowSink &) = delete;
    RowSink &operator=(const RowSink &) = delete;
    virtual ~RowSink() = default;
    /// Adds a row: the values of the statement's columns, in order.
    [[nodiscard]] virtual Result<void> add(std::span<const qint64> row) = 0;
    /// Has all rows in the database that were added.
    [[nodiscard]] virtual Result<void> finish() = 0;
    /// Forgets rows that are not in the database yet.
    virtual void clear() = 0;
};

/// Likewise for the calls themselves.
class EventSink
{
public:
    EventSink() = default;
    EventSink(const EventSink &) = delete;
    EventSink &operator=(const EventSink &) = delete;
    virtual ~EventSink() = default;
    [[nodiscard]] virtual Result<void> add(const EventRow &row) = 0;
    [[nodiscard]] virtual Result<void> finish() = 0;
    virtual void clear() = 0;
};

} // namespace delta::store

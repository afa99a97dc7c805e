#pragma once

#include "gateway/store/row_sink.h"

#include <array>
#include <memory>

namespace delta::store {

class Database;

/// What a batch is posted into.
struct PostingSinks {
    std::unique_ptr<EventSink> events;
    std::unique_ptr<RowSink> tags;    ///< tag, started_at, event
    std::unique_ptr<RowSink> hours;   ///< the columns of spend_hourly
    std::unique_ptr<RowSink> days;    ///< the columns of spend_daily
    std::unique_ptr<RowSink> rollUps; ///< the columns of spend_rollups

    /// Makes those for a database, which must outlive them.
    [[nodiscard]] static PostingSinks of(Database &database);

    [[nodiscard]] Result<void> finish();
    void clear();
};

} // namespace delta::store

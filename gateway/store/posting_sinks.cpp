#include "gateway/store/posting_sinks.h"

#include "gateway/store/database.h"
#include "gateway/store/event_copy.h"
#include "gateway/store/event_statement.h"
#include "gateway/store/integer_statement.h"
#include "gateway/store/row_copy.h"

namespace delta::store {

using namespace Qt::StringLiterals;

PostingSinks PostingSinks::of(Database &database)
{
    if (database.dialect() == Dialect::Sqlite) {
        const auto statement = [&database](QLatin1StringView name) {
            return std::make_unique<IntegerStatement>(database, name);
        };
        return {std::make_unique<EventStatement>(database), statement("events/insert_tag"_L1),
                statement("hourly/upsert"_L1), statement("daily/upsert"_L1),
                statement("rollups/upsert"_L1)};
    }
    const auto copy = [&database](QLatin1StringView name, QLatin1StringView merge) {
        return std::make_unique<RowCopy>(database, name, merge);
    };
    return {std::make_unique<EventCopy>(database), copy("events/insert_tag"_L1, {}),
            copy("hourly/copy"_L1, "hourly/upsert"_L1), copy("daily/copy"_L1, "daily/upsert"_L1),
            copy("rollups/copy"_L1, "rollups/upsert"_L1)};
}

Result<void> PostingSinks::finish()
{
    TRY_VOID(events->finish());
    for (RowSink *sink : {tags.get(), hours.get(), days.get(), rollUps.get()}) {
        TRY_VOID(sink->finish());
    }
    return {};
}

void PostingSinks::clear()
{
    events->clear();
    for (RowSink *sink : {tags.get(), hours.get(), days.get(), rollUps.get()}) {
        sink->clear();
    }
}

} // namespace delta::store

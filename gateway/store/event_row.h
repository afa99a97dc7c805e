#pragma once

#include "shared/models/spend_entry.h"

#include <QtTypes>

#include <vector>

namespace delta::store {

/// A settled call as a row of spend_events: its texts are clean, its counts bounded, and the texts
/// that calls share are ids of names.
struct EventRow {
    qint64 id = 0; ///< Journal offset.
    SpendEntry entry;
    qint64 operation = 0;
    qint64 key = 0;
    qint64 user = 0;
    qint64 team = 0;
    qint64 organization = 0;
    qint64 model = 0;
    qint64 deployment = 0;
    qint64 provider = 0;
    qint64 upstreamModel = 0;
    qint64 endUser = 0; ///< Of the sums; the row has the text itself.
    qint64 mix = 0;     ///< Likewise; see MixTable.
    std::vector<qint64> tags;
};

} // namespace delta::store

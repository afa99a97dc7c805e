#pragma once

#include "gateway/store/database.h"
#include "gateway/store/list_question.h"
#include "gateway/store/list_statement.h"
#include "shared/core/result.h"

#include <QtTypes>

#include <optional>

namespace delta::store {

/// When and how rows are sampled.
struct Sampling {
    qint64 rows = 4'000;                    ///< So many are looked at.
    qint64 leastSampled = 20 * mostCounted; ///< Tables with fewer rows are counted.
    qint64 leastEstimate = mostCounted + 1; ///< Where fewer seem to be chosen, they are counted.
};

/// Estimates how many rows of a large table a question chooses for which each row has to be looked at: those with a flag,
/// or with words that are frequent. The first rows tell of all others. Returns nothing where the rows can be counted: there
/// are few, few are chosen, or indexes find them. Errors: StoreUnavailable.
[[nodiscard]] Result<std::optional<qint64>> estimateRows(Database &database, const ListShape &shape,
                                                         const ListQuestion &question,
                                                         SearchPath path,
                                                         const Sampling &sampling = {});

/// Says whether few rows of a table have the words of a search, as far as the first rows tell. Errors: StoreUnavailable.
[[nodiscard]] Result<bool> isRare(Database &database, const ListShape &shape,
                                  const QString &search);

} // namespace delta::store

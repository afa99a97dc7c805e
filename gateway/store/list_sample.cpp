#include "gateway/store/list_sample.h"

#include "gateway/store/list_conditions.h"

#include <QSqlQuery>
#include <QString>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

bool isSampled(const ListShape &shape, const ListQuestion &question, SearchPath path)
{
    const bool isFlagged = std::ranges::all_of(question.filters, [&shape](const auto &filter) {
        return columnFor(shape, filter.first, ColumnUse::Flag).has_value();
    });
    const bool isRead = !question.filters.empty()
        || (!question.search.isEmpty() && path == SearchPath::Rows);
    return question.reach.isAll && isFlagged && isRead;
}

/// Returns how many of the first rows are chosen, if there are so many.
BoundStatement sampleStatement(const ListShape &shape, const ListQuestion &question,
                               SearchPath path, Dialect dialect, qint64 rows)
{
    Conditions chosen;
    addFlags(chosen, shape, question);
    addSearch(chosen, shape, question.search, path);
    return {u"SELECT COUNT(*), SUM(is_chosen) FROM (SELECT CASE WHEN %1 THEN 1 ELSE 0 END AS "
            "is_chosen%2 LIMIT %3) AS looked"_s.arg(chosen.all(), sourceText(shape, dialect))
                .arg(rows),
            chosen.values()};
}

} // namespace

Result<std::optional<qint64>> estimateRows(Database &database, const ListShape &shape,
                                           const ListQuestion &question, SearchPath path,
                                           const Sampling &sampling)
{
    if (!isSampled(shape, question, path)) {
        return std::optional<qint64>();
    }
    qint64 all = 0;
    TRY_VOID(database.each(shape.count, {},
                           [&all](const QSqlQuery &row) { all = row.value(0).toLongLong(); }));
    if (all < sampling.leastSampled) {
        return std::optional<qint64>();
    }
    qint64 estimate = 0;
    const BoundStatement sample = sampleStatement(shape, question, path, database.dialect(),
                                                  sampling.rows);
    TRY_VOID(database.eachComposed(sample.text, sample.values, [&](const QSqlQuery &row) {
        if (row.value(0).toLongLong() == sampling.rows) {
            estimate = all / sampling.rows * row.value(1).toLongLong();
        }
    }));
    return estimate >= sampling.leastEstimate ? std::optional(estimate) : std::nullopt;
}

Result<bool> isRare(Database &database, const ListShape &shape, const QString &search)
{
    // To name a tenth of a million rows takes a twentieth of a second.
    constexpr qint64 rareShare = 10;
    ListQuestion anybodys;
    anybodys.search = search;
    const BoundStatement sample = sampleStatement(shape, anybodys, SearchPath::Rows,
                                                  database.dialect(), Sampling().rows);
    bool isRare = false;
    TRY_VOID(database.eachComposed(sample.text, sample.values, [&isRare](const QSqlQuery &row) {
        isRare = row.value(1).toLongLong() * rareShare <= row.value(0).toLongLong();
    }));
    return isRare;
}

} // namespace delta::store

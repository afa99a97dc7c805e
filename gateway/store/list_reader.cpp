#include "gateway/store/list_reader.h"

#include "gateway/store/list_sample.h"

#include <QSqlRecord>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

/// Returns what a statement counts.
Result<qint64> numberOf(Database &database, const BoundStatement &statement)
{
    qint64 number = 0;
    return database
        .eachComposed(statement.text, statement.values,
                      [&number](const QSqlQuery &row) { number = row.value(0).toLongLong(); })
        .transform([&number] { return number; });
}

/// Says whether somebody may see not all rows, but so many that to read them takes long.
Result<bool> reachesMany(Database &database, const ListShape &shape, const ListReach &reach)
{
    const auto counted = reachStatement(shape, reach, database.dialect());
    if (!counted) {
        return false;
    }
    return numberOf(database, *counted).transform([](qint64 reached) {
        return reached > mostRead;
    });
}

/// Counts the rows of a search, if the index of words alone tells them and these are not too many. Only of lists that go
/// on with all of them: an index of long texts takes a fifth of a second to name a hundred thousand.
Result<std::optional<qint64>> countNamed(Database &database, const ListShape &shape,
                                         const ListQuestion &question)
{
    const auto counted = probeStatement(shape, question, mostNamed, database.dialect());
    const bool isAsked = question.reach.isAll && question.filters.empty();
    if (!counted || !isAsked || shape.orderIndex.isEmpty()) {
        return std::optional<qint64>();
    }
    return numberOf(database, *counted).transform([](qint64 named) {
        return named <= mostNamed ? std::optional(named) : std::nullopt;
    });
}

} // namespace

Result<SearchPath> chooseSearchPath(Database &database, const ListShape &shape,
                                    const ListQuestion &question)
{
    const auto probe = probeStatement(shape, question, mostCounted, database.dialect());
    if (!probe) {
        return SearchPath::Rows;
    }
    TRY(const qint64 found, numberOf(database, *probe));
    if (found <= mostCounted) {
        return SearchPath::Index;
    }
    TRY(const bool isMany, reachesMany(database, shape, question.reach));
    if (!isMany) {
        return SearchPath::Rows;
    }
    return isRare(database, shape, question.search).transform([](bool isRare) {
        return isRare ? SearchPath::Members : SearchPath::Rows;
    });
}

Result<ListTotal> countRows(Database &database, const ListShape &shape,
                            const ListQuestion &question, SearchPath path)
{
    ListTotal total;
    if (choosesAll(question)) {
        TRY_VOID(database.each(shape.count, {}, [&total](const QSqlQuery &row) {
            total = {.rows = row.value(0).toLongLong(), .isEstimate = row.value(1).toBool()};
        }));
        if (!total.isEstimate) {
            return total;
        }
    }
    TRY(const std::optional<qint64> named, countNamed(database, shape, question));
    if (named) {
        return ListTotal{.rows = *named, .isEstimate = false};
    }
    TRY(const std::optional<qint64> estimate, estimateRows(database, shape, question, path));
    if (estimate) {
        return ListTotal{.rows = *estimate, .isEstimate = true};
    }
    TRY(const qint64 counted,
        numberOf(database, countStatement(shape, question, path, database.dialect())));
    if (counted <= mostCounted) {
        return ListTotal{.rows = counted, .isEstimate = false};
    }
    return choosesAll(question) ? total : ListTotal{.rows = mostCounted, .isEstimate = true};
}

Result<std::vector<BoundStatement>> waysToPage(Database &database, const ListShape &shape,
                                               const ListQuestion &question, SearchPath path,
                                               const ListTotal &total)
{
    const Dialect dialect = database.dialect();
    const bool areFew = !total.isEstimate && total.rows <= mostCounted;
    if (areFew && total.rows == 0) {
        return std::vector<BoundStatement>();
    }
    if (!isScattered(shape, question) || path == SearchPath::Members) {
        return std::vector{pageStatement(shape, question, path, {}, dialect)};
    }
    if (areFew) { // To find them again costs what it cost to count them.
        return std::vector{pageStatement(shape, question, path, {.isSorted = true}, dialect)};
    }
    const BoundStatement sorted = pageStatement(
        shape, question, indexPath(shape, question, dialect), {.isSorted = true}, dialect);
    PageWay walk;
    if (const auto end = walkEndStatement(shape, question, dialect)) {
        TRY_VOID(database.eachComposed(end->text, end->values, [&walk](const QSqlQuery &row) {
            const int last = row.record().count() - 1;
            walk.end = ListPlace{.value = row.value(0), .id = row.value(last).toString()};
        }));
    }
    std::vector<BoundStatement> ways{
        pageStatement(shape, question, SearchPath::Rows, walk, dialect)};
    if (walk.end) {
        ways.push_back(sorted);
    }
    return ways;
}

ListPlace placeOf(const QSqlQuery &row, const ListShape &shape, QLatin1StringView sort)
{
    const auto column = columnFor(shape, sort, ColumnUse::Sort);
    return {.value = column ? row.value(QString(*column)) : QVariant(),
            .id = row.value(QString(shape.id)).toString()};
}

} // namespace delta::store

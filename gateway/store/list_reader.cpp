#include "gateway/store/list_reader.h"

#include "gateway/store/list_sample.h"

#include <QSqlRecord>

using namespace Qt::StringLiterals;

namespace delta::store {

Result<SearchPath> chooseSearchPath(Database &database, const ListShape &shape,
                                    const ListQuestion &question)
{
    const auto probe = probeStatement(shape, question, database.dialect());
    if (!probe) {
        return SearchPath::Rows;
    }
    qint64 found = 0;
    TRY_VOID(database.eachComposed(probe->text, probe->values, [&found](const QSqlQuery &row) {
        found = row.value(0).toLongLong();
    }));
    return found <= mostCounted ? SearchPath::Index : SearchPath::Rows;
}

Result<ListTotal> countRows(Database &database, const ListShape &shape,
                            const ListQuestion &question, SearchPath path)
{
    TRY(const std::optional<qint64> estimate, estimateRows(database, shape, question, path));
    if (estimate) {
        return ListTotal{.rows = *estimate, .isEstimate = true};
    }
    ListTotal total;
    const auto read = [&total](const QSqlQuery &row) { total.rows = row.value(0).toLongLong(); };
    const BoundStatement counted = countStatement(shape, question, path, database.dialect());
    TRY_VOID(database.eachComposed(counted.text, counted.values, read));
    if (total.rows <= mostCounted) {
        return total;
    }
    total = {.rows = mostCounted, .isEstimate = true};
    if (choosesAll(question)) {
        TRY_VOID(database.each(shape.count, {}, [&total](const QSqlQuery &row) {
            total = {.rows = row.value(0).toLongLong(), .isEstimate = row.value(1).toBool()};
        }));
    }
    return total;
}

Result<std::vector<BoundStatement>> waysToPage(Database &database, const ListShape &shape,
                                               const ListQuestion &question, SearchPath path,
                                               const ListTotal &total)
{
    const Dialect dialect = database.dialect();
    if (!isScattered(shape, question)) {
        return std::vector{pageStatement(shape, question, path, {}, dialect)};
    }
    const BoundStatement sorted = pageStatement(
        shape, question, indexPath(shape, question, dialect), {.isSorted = true}, dialect);
    if (!total.isEstimate) {
        return std::vector{sorted}; // They are few.
    }
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

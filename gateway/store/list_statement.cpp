#include "gateway/store/list_statement.h"

#include "gateway/store/column_values.h"
#include "gateway/store/list_conditions.h"
#include "gateway/store/sql_text.h"

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

/// How a page is ordered.
struct PageOrder {
    QLatin1StringView sort;
    bool isUp = true;

    explicit PageOrder(const ListShape &shape, const ListQuestion &question)
        : sort(columnFor(shape, question.sort, ColumnUse::Sort).value_or(shape.id))
        // A page before a place is read backwards from there.
        , isUp((question.direction == SortDirection::Ascending)
               == (question.side == PageSide::Next))
    {
    }
    /// Returns the columns of the order; as expressions that no index has where all rows are to be found first.
    [[nodiscard]] QStringList columns(const ListShape &shape, bool isSorted) const
    {
        QStringList all(isSorted ? u"COALESCE(%1, %1)"_s.arg(sort) : QString(sort));
        if (sort != shape.id) {
            all.append(shape.id);
        }
        return all;
    }
    [[nodiscard]] QString text(const ListShape &shape, bool isSorted) const
    {
        const QString order = isUp ? u" ASC"_s : u" DESC"_s;
        const QString between = order + ", "_L1;
        return " ORDER BY "_L1 + columns(shape, isSorted).join(between) + order;
    }
};

QString limitText(qint64 limit)
{
    return u" LIMIT %1"_s.arg(limit);
}

/// Rows on one side of a place.
void addPlace(Conditions &conditions, const ListPlace &place, QLatin1StringView comparison,
              const QStringList &columns)
{
    const QString id = present(place.id);
    if (columns.size() == 1) {
        conditions.add(u"%1 %2 ?"_s.arg(columns.front(), comparison), {id});
    } else {
        conditions.add(u"(%1) %2 (?, ?)"_s.arg(columns.join(", "_L1), comparison),
                       {place.value, id});
    }
}

/// Rows of the page and behind it, up to where it ends at the latest.
void addPlaces(Conditions &conditions, const ListShape &shape, const ListQuestion &question,
               const PageOrder &order, const PageWay &way)
{
    const QStringList columns = order.columns(shape, way.isSorted);
    if (question.place) {
        addPlace(conditions, *question.place, order.isUp ? ">"_L1 : "<"_L1, columns);
    }
    if (way.end) {
        addPlace(conditions, *way.end, order.isUp ? "<="_L1 : ">="_L1, columns);
    }
}

Conditions conditionsOf(const ListShape &shape, const ListQuestion &question, SearchPath path,
                        const std::vector<BoundStatement> &reach, Aim aim = Aim::Page)
{
    Conditions conditions;
    addReach(conditions, reach);
    addFilters(conditions, shape, question, aim);
    addFlags(conditions, shape, question);
    addSearch(conditions, shape, question.search, path);
    return conditions;
}

/// Returns the first `limit` rows that are reached in one of some ways.
BoundStatement firstRows(const ListShape &shape, const ListQuestion &question,
                         const Conditions &chosen, const PageWay &way, Dialect dialect,
                         qint64 limit)
{
    const PageOrder order(shape, question);
    Conditions conditions = chosen;
    addPlaces(conditions, shape, question, order, way);
    return {queryText(shape.statement, dialect) + conditions.text()
                + order.text(shape, way.isSorted) + limitText(limit),
            conditions.values()};
}

/// Says whether the index of orders knows all that a page of a search is made by.
bool isSortedByIndex(const ListShape &shape, const ListQuestion &question, SearchPath path,
                     const PageWay &way)
{
    return way.isSorted && path == SearchPath::Index && !shape.orderIndex.isEmpty()
        && question.reach.isAll && question.filters.empty();
}

/// Returns the rows of a page of a search: which these are is told by the index of orders, so that none but these are
/// read.
Conditions rowsByOrder(const ListShape &shape, const ListQuestion &question, const PageWay &way,
                       Dialect dialect, qint64 limit)
{
    const PageOrder order(shape, question);
    Conditions found;
    addSearch(found, shape, question.search, SearchPath::Index);
    addPlaces(found, shape, question, order, way);
    Conditions rows;
    rows.add(u"rowid IN (SELECT rowid%1 INDEXED BY %2%3%4%5)"_s.arg(
                 sourceText(shape, dialect), shape.orderIndex, found.text(),
                 order.text(shape, true), limitText(limit)),
             found.values());
    return rows;
}

/// Composes the statement that counts rows which are found in one of some ways, each by an index of its own, up to `most`
/// and one more of each.
BoundStatement countOfWays(const ListShape &shape, const std::vector<Conditions> &ways, int most,
                           Dialect dialect)
{
    QStringList parts;
    QVariantList values;
    for (const Conditions &way : ways) {
        parts.append(u"SELECT * FROM (SELECT %1%2%3 LIMIT %4) AS way%5"_s
                         .arg(shape.id, sourceText(shape, dialect), way.text())
                         .arg(most + 1)
                         .arg(parts.size()));
        values += way.values();
    }
    return {u"SELECT COUNT(*) FROM (%1) AS chosen"_s.arg(parts.join(" UNION "_L1)), values};
}

bool isTime(const ListShape &shape, QLatin1StringView name)
{
    return columnFor(shape, name, ColumnUse::Before) || columnFor(shape, name, ColumnUse::After);
}

} // namespace

std::optional<QLatin1StringView> columnFor(const ListShape &shape, QLatin1StringView name,
                                           ColumnUse use)
{
    const auto found = std::ranges::find_if(shape.columns, [&](const ListColumn &each) {
        return each.name == name && each.use == use;
    });
    return found == shape.columns.end() ? std::nullopt : std::optional(found->column);
}

bool isScattered(const ListShape &shape, const ListQuestion &question)
{
    const QLatin1StringView sort = PageOrder(shape, question).sort;
    const auto isElsewhere = [&](const auto &filter) {
        return isTime(shape, filter.first)
            && columnFor(shape, filter.first, ColumnUse::Before) != sort
            && columnFor(shape, filter.first, ColumnUse::After) != sort;
    };
    return !question.search.isEmpty() || std::ranges::any_of(question.filters, isElsewhere);
}

bool choosesAll(const ListQuestion &question)
{
    return question.reach.isAll && question.filters.empty() && question.search.isEmpty();
}

BoundStatement pageStatement(const ListShape &shape, const ListQuestion &question, SearchPath path,
                             const PageWay &way, Dialect dialect)
{
    const std::vector<BoundStatement> reach = reachParts(shape, question.reach);
    const qint64 limit = question.limit + 1;
    BoundStatement page;
    if (isSortedByIndex(shape, question, path, way)) {
        page = firstRows(shape, question,
                         rowsByOrder(shape, question, way, dialect, limit + question.skip), way,
                         dialect, limit);
    } else if (reach.size() < 2) {
        page = firstRows(shape, question, conditionsOf(shape, question, path, reach), way, dialect,
                         limit);
    } else {
        // Each way has an index of its own, in the order of the page; all ways together have none.
        QStringList parts;
        for (const BoundStatement &each : reach) {
            const BoundStatement part = firstRows(shape, question,
                                                  conditionsOf(shape, question, path, {each}), way,
                                                  dialect, limit + question.skip);
            parts.append(u"SELECT * FROM (%1) AS way%2"_s.arg(part.text).arg(parts.size()));
            page.values += part.values;
        }
        page.text = parts.join(" UNION "_L1) + PageOrder(shape, question).text(shape, false)
            + limitText(limit);
    }
    if (question.skip > 0) {
        page.text += u" OFFSET %1"_s.arg(question.skip);
    }
    return page;
}

std::optional<BoundStatement> walkEndStatement(const ListShape &shape, const ListQuestion &question,
                                               Dialect dialect)
{
    const std::vector<BoundStatement> reach = reachParts(shape, question.reach);
    if (reach.size() > 1) {
        return std::nullopt;
    }
    ListQuestion walked = question;
    walked.search.clear();
    std::erase_if(walked.filters, [&shape](const auto &filter) {
        return isTime(shape, filter.first) || columnFor(shape, filter.first, ColumnUse::Flag);
    });
    // Where rows are sorted before they are read, that is the better way sooner.
    const bool isSoonSorted = dialect == Dialect::Sqlite && !shape.orderIndex.isEmpty();
    const int most = isSoonSorted ? mostWalked / 2 : mostWalked;
    const PageOrder order(shape, walked);
    Conditions conditions = conditionsOf(shape, walked, SearchPath::Rows, reach);
    addPlaces(conditions, shape, walked, order, {});
    return BoundStatement{u"SELECT %1%2%3%4 LIMIT 1 OFFSET %5"_s
                              .arg(order.columns(shape, false).join(", "_L1),
                                   sourceText(shape, dialect), conditions.text(),
                                   order.text(shape, false))
                              .arg(most),
                          conditions.values()};
}

BoundStatement countStatement(const ListShape &shape, const ListQuestion &question, SearchPath path,
                              Dialect dialect)
{
    const std::vector<BoundStatement> reach = reachParts(shape, question.reach);
    if (path == SearchPath::Members && reach.size() > 1) {
        std::vector<Conditions> ways;
        for (const BoundStatement &each : reach) {
            ways.push_back(conditionsOf(shape, question, path, {each}, Aim::Count));
        }
        return countOfWays(shape, ways, mostCounted, dialect);
    }
    const Conditions conditions = conditionsOf(shape, question, path, reach, Aim::Count);
    return {u"SELECT COUNT(*) FROM (%1%2 LIMIT %3) AS chosen"_s
                .arg(queryText(shape.statement, dialect), conditions.text())
                .arg(mostCounted + 1),
            conditions.values()};
}

std::optional<BoundStatement> reachStatement(const ListShape &shape, const ListReach &reach,
                                             Dialect dialect)
{
    if (reach.isAll) {
        return std::nullopt;
    }
    std::vector<Conditions> ways;
    for (const BoundStatement &part : reachParts(shape, reach)) {
        addReach(ways.emplace_back(), {part});
    }
    return countOfWays(shape, ways, mostRead, dialect);
}

SearchPath indexPath(const ListShape &shape, const ListQuestion &question, Dialect dialect)
{
    constexpr qsizetype fewestLetters = 3;
    const bool isIndexed = dialect == Dialect::Sqlite && !shape.wordIndex.isEmpty()
        && question.search.size() >= fewestLetters;
    return isIndexed ? SearchPath::Index : SearchPath::Rows;
}

std::optional<BoundStatement> probeStatement(const ListShape &shape, const ListQuestion &question,
                                             int most, Dialect dialect)
{
    if (indexPath(shape, question, dialect) == SearchPath::Rows) {
        return std::nullopt;
    }
    return BoundStatement{u"SELECT COUNT(*) FROM (SELECT rowid FROM %1 WHERE %1 MATCH ? LIMIT %2)"_s
                              .arg(shape.wordIndex)
                              .arg(most + 1),
                          {phrase(question.search)}};
}

} // namespace delta::store

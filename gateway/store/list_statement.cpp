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
    [[nodiscard]] QString text(const ListShape &shape, qint64 limit) const
    {
        const QLatin1StringView order = isUp ? "ASC"_L1 : "DESC"_L1;
        const QString columns = sort == shape.id ? u"%1 %2"_s.arg(sort, order)
                                                 : u"%1 %3, %2 %3"_s.arg(sort, shape.id, order);
        return u" ORDER BY %1 LIMIT %2"_s.arg(columns).arg(limit);
    }
};

void addPlace(Conditions &conditions, const ListShape &shape, const ListQuestion &question,
              const PageOrder &order)
{
    if (!question.place) {
        return;
    }
    const QLatin1StringView comparison = order.isUp ? ">"_L1 : "<"_L1;
    if (order.sort == shape.id) {
        conditions.add(u"%1 %2 ?"_s.arg(order.sort, comparison), {present(question.place->id)});
    } else {
        conditions.add(u"(%1, %2) %3 (?, ?)"_s.arg(order.sort, shape.id, comparison),
                       {question.place->value, present(question.place->id)});
    }
}

Conditions conditionsOf(const ListShape &shape, const ListQuestion &question, SearchPath path,
                        const std::vector<BoundStatement> &reach)
{
    Conditions conditions;
    addReach(conditions, reach);
    addFilters(conditions, shape, question);
    addFlags(conditions, shape, question);
    addSearch(conditions, shape, question.search, path);
    return conditions;
}

/// Returns the first `limit` rows that are reached in one of some ways.
BoundStatement firstRows(const ListShape &shape, const ListQuestion &question, SearchPath path,
                         Dialect dialect, const std::vector<BoundStatement> &reach, qint64 limit)
{
    const PageOrder order(shape, question);
    Conditions conditions = conditionsOf(shape, question, path, reach);
    addPlace(conditions, shape, question, order);
    return {queryText(shape.statement, dialect) + conditions.text() + order.text(shape, limit),
            conditions.values()};
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

bool choosesAll(const ListQuestion &question)
{
    return question.reach.isAll && question.filters.empty() && question.search.isEmpty();
}

BoundStatement pageStatement(const ListShape &shape, const ListQuestion &question, SearchPath path,
                             Dialect dialect)
{
    const std::vector<BoundStatement> reach = reachParts(shape, question.reach);
    const qint64 limit = question.limit + 1;
    BoundStatement page;
    if (reach.size() < 2) {
        page = firstRows(shape, question, path, dialect, reach, limit);
    } else {
        // Each way has an index of its own, in the order of the page; all ways together have none.
        QStringList parts;
        for (const BoundStatement &way : reach) {
            const BoundStatement part = firstRows(shape, question, path, dialect, {way},
                                                  limit + question.skip);
            parts.append(u"SELECT * FROM (%1) AS way%2"_s.arg(part.text).arg(parts.size()));
            page.values += part.values;
        }
        page.text = parts.join(" UNION "_L1) + PageOrder(shape, question).text(shape, limit);
    }
    if (question.skip > 0) {
        page.text += u" OFFSET %1"_s.arg(question.skip);
    }
    return page;
}

BoundStatement countStatement(const ListShape &shape, const ListQuestion &question, SearchPath path,
                              Dialect dialect)
{
    const Conditions conditions = conditionsOf(shape, question, path,
                                               reachParts(shape, question.reach));
    return {u"SELECT COUNT(*) FROM (%1%2 LIMIT %3) AS chosen"_s
                .arg(queryText(shape.statement, dialect), conditions.text())
                .arg(mostCounted + 1),
            conditions.values()};
}

std::optional<BoundStatement> probeStatement(const ListShape &shape, const ListQuestion &question,
                                             Dialect dialect)
{
    constexpr qsizetype fewestLetters = 3;
    if (dialect != Dialect::Sqlite || shape.wordIndex.isEmpty()
        || question.search.size() < fewestLetters) {
        return std::nullopt;
    }
    return BoundStatement{u"SELECT COUNT(*) FROM (SELECT rowid FROM %1 WHERE %1 MATCH ? LIMIT %2)"_s
                              .arg(shape.wordIndex)
                              .arg(mostCounted + 1),
                          {phrase(question.search)}};
}

} // namespace delta::store

#pragma once

#include "gateway/store/database.h"
#include "gateway/store/list_question.h"
#include "gateway/store/list_statement.h"
#include "gateway/store/row_codec.h"
#include "shared/core/result.h"

#include <QSqlQuery>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace delta::store {

/// Chooses how a search is done: by the index of words where that finds no more rows than anybody counts, else by what
/// reads the fewest rows.
[[nodiscard]] Result<SearchPath> chooseSearchPath(Database &database, const ListShape &shape,
                                                  const ListQuestion &question);

/// Counts the rows that a question chooses. Exact up to mostCounted, and up to mostNamed where it is a search and nothing
/// else of a list with an index of orders.
[[nodiscard]] Result<ListTotal> countRows(Database &database, const ListShape &shape,
                                          const ListQuestion &question, SearchPath path);

/// Composes the statements that read a page, one more row than it has: the first that finds so many, or the last, is
/// right. `total` is how many rows there are on all pages; where there are none, there is no statement.
[[nodiscard]] Result<std::vector<BoundStatement>> waysToPage(Database &database,
                                                             const ListShape &shape,
                                                             const ListQuestion &question,
                                                             SearchPath path,
                                                             const ListTotal &total);

/// Reads the place of a row of a list that is sorted by that column, or by its id if it is empty.
[[nodiscard]] ListPlace placeOf(const QSqlQuery &row, const ListShape &shape,
                                QLatin1StringView sort);

namespace detail {

/// Puts the places before and behind the rows of a page into it. `places` are those of the rows, in their order;
/// `hasMore` says whether there are further rows on the side that was asked for.
template <typename T>
void setPlaces(ListPage<T> &page, const ListQuestion &question, std::vector<ListPlace> &places,
               bool hasMore)
{
    const bool isForward = question.side == PageSide::Next;
    const bool hasNext = isForward ? hasMore : true;
    const bool hasPrevious = isForward ? question.place.has_value() : hasMore;
    if (places.empty()) {
        return;
    }
    if (hasNext) {
        page.next = places.back();
    }
    if (hasPrevious) {
        page.previous = places.front();
    }
}

} // namespace detail

/// Reads a page of described structs.
template <Described T>
Result<void> readPage(Database &database, const ListShape &shape, const ListQuestion &question,
                      ListPage<T> &page)
{
    std::vector<ListPlace> places;
    TRY(const SearchPath path, chooseSearchPath(database, shape, question));
    TRY(page.total, countRows(database, shape, question, path));
    TRY(const std::vector<BoundStatement> ways,
        waysToPage(database, shape, question, path, page.total));
    for (const BoundStatement &way : ways) {
        page.items.clear();
        places.clear();
        TRY_VOID(database.eachComposed(way.text, way.values, [&](const QSqlQuery &row) {
            page.items.push_back(structOf<T>(row));
            places.push_back(placeOf(row, shape, question.sort));
        }));
        if (std::ssize(page.items) > question.limit) {
            break;
        }
    }
    const bool hasMore = page.items.size() > static_cast<std::size_t>(question.limit);
    if (hasMore) {
        page.items.pop_back();
        places.pop_back();
    }
    if (question.side == PageSide::Previous) {
        std::ranges::reverse(page.items);
        std::ranges::reverse(places);
    }
    detail::setPlaces(page, question, places, hasMore);
    return {};
}

} // namespace delta::store

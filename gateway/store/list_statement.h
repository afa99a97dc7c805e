#pragma once

#include "gateway/store/database_address.h"
#include "gateway/store/list_question.h"

#include <QString>
#include <QVariantList>

#include <optional>

namespace delta::store {

/// A statement with plain places, and what goes there.
struct BoundStatement {
    QString text;
    QVariantList values;
};

/// How the rows that a search finds are found.
enum class SearchPath {
    Rows, ///< One row after the other is looked at, in the order of the list: where many are found, or all are read.
    Index, ///< Those that the index of words names: where these are few.
    /// The index of the list's order is walked, and each row looked for among those that the index of words names,
    /// without being read: where these are many, but far from all, and many others are reached, but not all.
    Members,
};

/// How a page is made of the rows that a question chooses.
struct PageWay {
    /// All of them are found first, and then sorted: where they are few, or lie far off in the order of the list. Else
    /// as the database likes: mostly along the index of that order, until the page is full.
    bool isSorted = false;
    /// Where the page ends at the latest, full or not. Absent: only when it is full.
    std::optional<ListPlace> end = {};
};

/// So many rows are walked at most for a page.
inline constexpr int mostWalked = 4'000;

/// So many rows are read to look for words in them, at most, if there is another way.
inline constexpr int mostRead = 30'000;

/// Beyond so many rows that a search or a filter chose, nobody counts on.
inline constexpr int mostCounted = 10'000;

/// Composes the statement of one page, with one row more than the page has, so that it is known whether there are
/// more. Only the names of the shape's columns get into its text; all that a client sends is bound.
[[nodiscard]] BoundStatement pageStatement(const ListShape &shape, const ListQuestion &question,
                                           SearchPath path, const PageWay &way, Dialect dialect);

/// Composes the statement that finds the row at which a walk of at most mostWalked rows ends, in the order of the page and
/// among all that could be reached without search and times: its sort value and id, under the names of these columns.
/// No row: the list ends before. Nothing: rows are reached in several ways, along no single index.
[[nodiscard]] std::optional<BoundStatement> walkEndStatement(const ListShape &shape,
                                                             const ListQuestion &question,
                                                             Dialect dialect);

/// Composes the statement that counts the rows that a question chooses, up to mostCounted and one more.
[[nodiscard]] BoundStatement countStatement(const ListShape &shape, const ListQuestion &question,
                                            SearchPath path, Dialect dialect);

/// Composes the statement that counts the rows that somebody may see, up to mostRead and one more of each way in which
/// these are reached. Nothing: they may see all.
[[nodiscard]] std::optional<BoundStatement> reachStatement(const ListShape &shape,
                                                           const ListReach &reach, Dialect dialect);

/// Returns how the rows of a search are found all together: by the index of words if there is one that can.
[[nodiscard]] SearchPath indexPath(const ListShape &shape, const ListQuestion &question,
                                   Dialect dialect);

/// So many rows of a search are counted where the index of words alone tells them.
inline constexpr int mostNamed = 100'000;

/// Composes the statement that counts the rows which the index of words names for a search, up to `most` and one more.
/// Nothing if there is no index, or the search is shorter than the three letters that it takes.
[[nodiscard]] std::optional<BoundStatement> probeStatement(const ListShape &shape,
                                                           const ListQuestion &question, int most,
                                                           Dialect dialect);

/// Says whether the rows that a question chooses may lie anywhere in the order of the list, and no index has them in
/// this order: those of a search, or of a time by which it is not sorted.
[[nodiscard]] bool isScattered(const ListShape &shape, const ListQuestion &question);

/// Says whether a question chooses all rows.
[[nodiscard]] bool choosesAll(const ListQuestion &question);

/// Returns the statement's column of the API name of one, or nothing if there is none with that use.
[[nodiscard]] std::optional<QLatin1StringView> columnFor(const ListShape &shape,
                                                         QLatin1StringView name, ColumnUse use);

} // namespace delta::store

#pragma once

#include "gateway/store/database_address.h"
#include "gateway/store/list_question.h"

#include <QString>
#include <QVariantList>

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
};

/// Beyond so many rows that a search or a filter chose, nobody counts on.
inline constexpr int mostCounted = 10'000;

/// Composes the statement of one page, with one row more than the page has, so that it is known whether there are
/// more. Only the names of the shape's columns get into its text; all that a client sends is bound.
[[nodiscard]] BoundStatement pageStatement(const ListShape &shape, const ListQuestion &question,
                                           SearchPath path, Dialect dialect);

/// Composes the statement that counts the rows that a question chooses, up to mostCounted and one more.
[[nodiscard]] BoundStatement countStatement(const ListShape &shape, const ListQuestion &question,
                                            SearchPath path, Dialect dialect);

/// Composes the statement that counts the rows which the index of words names for a search, up to mostCounted and one
/// more. Nothing if there is no index, or the search is shorter than the three letters that it takes.
[[nodiscard]] std::optional<BoundStatement> probeStatement(const ListShape &shape,
                                                           const ListQuestion &question,
                                                           Dialect dialect);

/// Says whether a question chooses all rows.
[[nodiscard]] bool choosesAll(const ListQuestion &question);

/// Returns the statement's column of the API name of one, or nothing if there is none with that use.
[[nodiscard]] std::optional<QLatin1StringView> columnFor(const ListShape &shape,
                                                         QLatin1StringView name, ColumnUse use);

} // namespace delta::store

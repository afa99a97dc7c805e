#pragma once

#include <QLatin1StringView>
#include <QString>
#include <QStringList>
#include <QVariant>

#include <optional>
#include <span>
#include <utility>
#include <vector>

/// \file What a list of objects can be asked for, and how it answers. Pages are found by the last row of the one
/// before, not by counting rows, so the thousandth costs what the first does, and nothing is shown twice when rows
/// come and go meanwhile. Only who asks for a page by its number has the rows before it counted.

namespace delta::store {

/// What can be done with a column of a list.
enum class ColumnUse {
    Filter, ///< Rows can be chosen by its values, which are texts.
    Flag,   ///< Rows can be chosen by it; it holds 1 or 0.
    Before, ///< Rows can be chosen that have a time before one that is given. None at all is not before.
    After, ///< Likewise, not before one.
    Owner, ///< As Filter, but it is the API's to say, and no client's: what a list belongs to.
    Sort,  ///< They can be sorted by it. Never NULL, and indexed together with the id.
};

/// A column by which a list can be asked.
struct ListColumn {
    QLatin1StringView name; ///< In the API.
    /// In the statement. Of a filter it may be a condition instead, in which "@" stands for "IN (…)".
    QLatin1StringView column;
    ColumnUse use = ColumnUse::Filter;
    /// The condition by which rows are counted, where the one above is for the order of a list; empty: it is the same.
    QLatin1StringView counted = {};
};

/// What a list is made of.
struct ListShape {
    /// Of sql/queries: "SELECT columns FROM table", without conditions.
    QLatin1StringView statement;
    /// Of sql/queries: "SELECT COUNT(*) FROM table", or an estimate of it where counting takes long.
    QLatin1StringView count;
    QLatin1StringView id; ///< The column that tells rows apart. It can be sorted by, too.
    std::span<const ListColumn> columns; ///< One that serves both is there twice.
    QLatin1StringView words;             ///< The column in which a search looks, in lower case.
    /// In SQLite, the table that finds a row's `id` by its words; empty: all rows are read. In PostgreSQL the column
    /// has an index of its own.
    QLatin1StringView wordIndex;
    /// In SQLite, an index that begins with the number of a row and has all columns that can be sorted by, so that rows of
    /// a search are sorted before they are read; empty: there is none.
    QLatin1StringView orderIndex = {};
    /// The columns, or conditions, that say to whom a row belongs; empty: rows of this kind belong to none.
    QLatin1StringView organization;
    QLatin1StringView team;
    QLatin1StringView user;
    /// How it is sorted where nobody says how: a column, with "-" before it for descending; empty: by id.
    QLatin1StringView usualSort = {};
};

/// Which rows somebody may see: those of any of these organisations, teams and users.
struct ListReach {
    bool isAll = false;
    QStringList organizations;
    QStringList teams;
    QString user; ///< Rows of this user; empty: of none by that.
};

/// Which way a list is sorted.
enum class SortDirection { Ascending, Descending };

/// Where a page begins: behind the row with these values.
struct ListPlace {
    QVariant value; ///< Of the column that is sorted by.
    QString id;
};

/// Which way from the place a page lies.
enum class PageSide { Next, Previous };

/// A question to a list.
struct ListQuestion {
    ListReach reach;
    /// For columns by their API names: a row must have one of the values. A time is in milliseconds since 1970 UTC.
    std::vector<std::pair<QLatin1StringView, QStringList>> filters;
    QString
        search; ///< Found anywhere in one of the searched columns, in whatever case. Empty: no search.
    QLatin1StringView sort; ///< The API name of a column; empty: by id.
    SortDirection direction = SortDirection::Ascending;
    std::optional<ListPlace> place; ///< Absent: the first page.
    PageSide side = PageSide::Next;
    int limit = 50;
    /// How many rows to pass over before the page, for clients that count pages: each of them is read.
    qint64 skip = 0;
};

/// How many rows there are, over all pages.
struct ListTotal {
    qint64 rows = 0;
    bool isEstimate = false; ///< There are at least so many, or about so many.
};

/// One page.
template <typename T>
struct ListPage {
    std::vector<T> items;
    std::optional<ListPlace> next;     ///< Absent: this is the last page.
    std::optional<ListPlace> previous; ///< Absent: this is the first page.
    ListTotal total;
};

} // namespace delta::store

#pragma once

#include "gateway/store/database.h"
#include "gateway/store/list_reader.h"
#include "gateway/store/row_codec.h"
#include "shared/core/result.h"

#include <QLatin1StringView>
#include <QStringList>
#include <QVariantList>

#include <optional>
#include <vector>

namespace delta::store {

/// Where rows of a kind lie: the statements of sql/queries that read and write one. A row has the columns of its
/// struct, its key first.
struct EntityStatements {
    QLatin1StringView insert; ///< Takes all columns.
    QLatin1StringView update; ///< Likewise; changes the row with that key.
    QLatin1StringView remove; ///< Takes the key: the id, or both ids of what binds two others.
    QLatin1StringView select; ///< Likewise; gives all columns.
};

/// A table whose rows are described structs. See Database for threads and errors.
template <Described T>
class EntityTable
{
public:
    /// All are borrowed, and outlive the table.
    EntityTable(Database &database, const EntityStatements &statements, const ListShape &shape)
        : m_database(database)
        , m_statements(statements)
        , m_shape(shape)
    {
    }
    EntityTable(const EntityTable &) = delete;
    EntityTable &operator=(const EntityTable &) = delete;

    /// Returns the row; nothing if there is none.
    [[nodiscard]] Result<std::optional<T>> find(const QStringList &key)
    {
        std::optional<T> found;
        TRY_VOID(m_database.each(m_statements.select, bound(key),
                                 [&found](const QSqlQuery &row) { found = structOf<T>(row); }));
        return found;
    }
    /// Errors: also InvalidRequest naming the column whose value another row has already.
    [[nodiscard]] Result<void> insert(const T &row)
    {
        return m_database.run(m_statements.insert, columnsOf(row)).transform([](int) { });
    }
    /// Returns whether the row was there. Errors: as insert().
    [[nodiscard]] Result<bool> update(const T &row)
    {
        return m_database.run(m_statements.update, columnsOf(row)).transform([](int rows) {
            return rows > 0;
        });
    }
    /// Returns whether the row was there.
    [[nodiscard]] Result<bool> remove(const QStringList &key)
    {
        return m_database.run(m_statements.remove, bound(key)).transform([](int rows) {
            return rows > 0;
        });
    }
    [[nodiscard]] Result<ListPage<T>> list(const ListQuestion &question)
    {
        ListPage<T> page;
        TRY_VOID(readPage(m_database, m_shape, question, page));
        return page;
    }
    [[nodiscard]] const ListShape &shape() const
    {
        return m_shape;
    }

private:
    [[nodiscard]] static QVariantList bound(const QStringList &key)
    {
        QVariantList values;
        for (const QString &part : key) {
            values.append(present(part));
        }
        return values;
    }

    Database &m_database;
    const EntityStatements &m_statements;
    const ListShape &m_shape;
};

} // namespace delta::store

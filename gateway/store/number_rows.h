#pragma once

#include <QSqlDatabase>
#include <QSqlError>
#include <QString>
#include <QtTypes>
#include <QVariantList>

#include <functional>
#include <span>

namespace delta::store {

/// Takes the columns of one row, all of them integers. Null is 0, and what is larger than an integer the largest.
using NumberReader = std::function<void(std::span<const qint64> row)>;

/// \file Reads integers in the database's own interface: thousands of rows cost several times as much in Qt's, which
/// makes a QVariant of each column. The values are texts and integers, for the numbered places of the statement.
/// They return an error that is not valid if all went well.

[[nodiscard]] QSqlError readSqliteNumbers(const QSqlDatabase &connection, const QString &statement,
                                          const QVariantList &values, const NumberReader &read);
[[nodiscard]] QSqlError readPostgresNumbers(const QSqlDatabase &connection,
                                            const QString &statement, const QVariantList &values,
                                            const NumberReader &read);

} // namespace delta::store

#pragma once

#include "gateway/store/database_address.h"

#include <QString>
#include <QStringList>

namespace delta::store {

/// Returns the statement of sql/queries/`name`.sql without its comments, or of `name`.pgsql.sql where PostgreSQL
/// has one of its own; empty if there is no such file.
[[nodiscard]] QString queryText(QLatin1StringView name, Dialect dialect = Dialect::Sqlite);

/// Returns the file names of all migrations of a dialect, in order: their numbers follow each other from 1.
[[nodiscard]] QStringList migrationNames(Dialect dialect = Dialect::Sqlite);

/// Returns the statements of a migration. An empty line ends each.
[[nodiscard]] QStringList migrationStatements(const QString &name);

} // namespace delta::store

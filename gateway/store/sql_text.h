#pragma once

#include <QString>
#include <QStringList>

namespace delta::store {

/// Returns the statement of sql/queries/`name`.sql without its comments; empty if there is no such
/// file.
[[nodiscard]] QString queryText(QLatin1StringView name);

/// Returns the file names of all migrations, in order: their numbers follow each other from 1.
[[nodiscard]] QStringList migrationNames();

/// Returns the statements of a migration. An empty line ends each.
[[nodiscard]] QStringList migrationStatements(const QString &name);

} // namespace delta::store

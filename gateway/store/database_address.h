#pragma once

#include <QString>

namespace delta::store {

/// The databases that the store may lie in.
enum class Dialect {
    Sqlite,     ///< One file, for one gateway.
    PostgreSql, ///< A server, for any number of gateways.
};

/// Where a database is.
struct DatabaseAddress {
    Dialect dialect = Dialect::Sqlite;
    /// The path of a SQLite file, or what libpq takes: `postgresql://user:password@host:port/name?option=value`.
    /// May hold a password: not for logs.
    QString place;

    /// Takes a path, or a URL that begins with postgresql:// or postgres://.
    DatabaseAddress(
        const QString &pathOrUrl); // NOLINT(google-explicit-constructor): a path is an address.

    /// Returns the address as people may see it: without a password.
    [[nodiscard]] QString shown() const;
};

} // namespace delta::store

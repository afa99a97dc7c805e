#pragma once

#include "gateway/store/login_rows.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace delta::store {

class Database;

/// The table of links that let somebody choose a password. Errors of all: StoreUnavailable.
class LoginTokenRepository
{
public:
    /// `database` must outlive the repository.
    explicit LoginTokenRepository(Database &database)
        : m_database(database)
    {
    }
    LoginTokenRepository(const LoginTokenRepository &) = delete;
    LoginTokenRepository &operator=(const LoginTokenRepository &) = delete;

    [[nodiscard]] Result<void> insert(const LoginTokenRow &token);
    /// Returns what a link of that purpose holds, unless it was used; also if it has expired.
    [[nodiscard]] Result<std::optional<LoginTokenRow>> find(const QByteArray &mac,
                                                            const QString &purpose);
    /// Uses a link. Returns whether it could: not if it was used before or has expired.
    [[nodiscard]] Result<bool> take(const QByteArray &mac, WallTime at);
    /// Removes the links of a user that were not used.
    [[nodiscard]] Result<void> removeUnused(const QString &userId);
    /// Removes those that expired before a moment.
    [[nodiscard]] Result<void> removeOld(WallTime expiredBefore);

private:
    Database &m_database;
};

} // namespace delta::store

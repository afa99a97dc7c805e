#pragma once

#include "gateway/store/login_rows.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>
#include <QtTypes>

#include <optional>

namespace delta::store {

class Database;

/// The tables of passwords, second factors and recovery codes. A function that changes something says whether it
/// did; of two who want to take the same thing, one does. Errors of all: StoreUnavailable.
class LoginRepository
{
public:
    /// `database` must outlive the repository.
    explicit LoginRepository(Database &database)
        : m_database(database)
    {
    }
    LoginRepository(const LoginRepository &) = delete;
    LoginRepository &operator=(const LoginRepository &) = delete;

    /// Returns nothing if the user never had a password.
    [[nodiscard]] Result<std::optional<LoginRow>> find(const QString &userId);
    /// Gives a user a password or takes it away; their second factor stays.
    [[nodiscard]] Result<void> putPassword(const NewPassword &password);
    /// Gives a user a password, unless they ever had one. Returns whether it did.
    [[nodiscard]] Result<bool> insertPassword(const NewPassword &password);
    /// Writes another hash of the same password, unless that was changed meanwhile.
    [[nodiscard]] Result<bool> replaceHash(const LoginRow &read, const QByteArray &hash);
    [[nodiscard]] Result<void> noteLogin(const QString &userId, WallTime at);
    /// Keeps the sealed seed of a second factor that is not proven yet; empty: forgets it. Changes nothing while
    /// one is in force.
    [[nodiscard]] Result<bool> setPendingSeed(const QString &userId, const QByteArray &sealed);
    /// Puts a second factor in force, if it is still the one that waits.
    [[nodiscard]] Result<bool> enableMfa(const ProvenFactor &factor);
    [[nodiscard]] Result<bool> disableMfa(const QString &userId);
    /// Takes the code of a step, unless one of this step or a later one was taken before.
    [[nodiscard]] Result<bool> takeStep(const QString &userId, qint64 step);
    /// Replaces all recovery codes of a user; none: takes them away. In a transaction of the caller's.
    [[nodiscard]] Result<void> replaceRecoveryCodes(const QString &userId,
                                                    const QByteArrayList &macs);
    /// Takes a recovery code, unless it was taken before.
    [[nodiscard]] Result<bool> takeRecoveryCode(const QString &userId, const QByteArray &mac,
                                                WallTime at);
    /// Returns how many recovery codes a user has left.
    [[nodiscard]] Result<int> recoveryCodesLeft(const QString &userId);

private:
    Database &m_database;
};

} // namespace delta::store

#pragma once

#include "gateway/store/login_rows.h"
#include "shared/core/result.h"

#include <QString>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// The table of who users are for others who let them log in. Errors of all: StoreUnavailable.
class IdentityRepository
{
public:
    /// `database` must outlive the repository.
    explicit IdentityRepository(Database &database)
        : m_database(database)
    {
    }
    IdentityRepository(const IdentityRepository &) = delete;
    IdentityRepository &operator=(const IdentityRepository &) = delete;

    /// Notes an identity, unless somebody has it. Returns whether it did.
    [[nodiscard]] Result<bool> insert(const IdentityRow &identity);
    /// Returns which user a subject of an issuer is; nothing: nobody.
    [[nodiscard]] Result<std::optional<QString>> find(const QString &issuer,
                                                      const QString &subject);
    /// Returns the identities of a user, by issuer.
    [[nodiscard]] Result<std::vector<IdentityRow>> ofUser(const QString &userId);
    /// Forgets an identity. Returns whether it was there.
    [[nodiscard]] Result<bool> remove(const QString &issuer, const QString &subject);

private:
    Database &m_database;
};

} // namespace delta::store

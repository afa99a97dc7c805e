#pragma once

#include "gateway/store/identity_repository.h"
#include "gateway/store/login_repository.h"
#include "gateway/store/login_token_repository.h"
#include "gateway/store/session_repository.h"
#include "gateway/store/transaction.h"
#include "shared/core/result.h"

namespace delta::store {

/// All that is kept of how people log in, on one connection.
class LoginTables
{
public:
    /// `database` must outlive the tables.
    explicit LoginTables(Database &database)
        : logins(database)
        , sessions(database)
        , tokens(database)
        , identities(database)
        , m_database(database)
    {
    }

    /// Begins a transaction for what several of the tables are told.
    [[nodiscard]] Result<Transaction> begin()
    {
        return Transaction::begin(m_database);
    }

    LoginRepository logins;
    SessionRepository sessions;
    LoginTokenRepository tokens;
    IdentityRepository identities;

private:
    Database &m_database;
};

} // namespace delta::store

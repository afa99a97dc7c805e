#pragma once

#include "gateway/store/identity_repository.h"
#include "gateway/store/login_repository.h"
#include "gateway/store/login_token_repository.h"
#include "gateway/store/session_repository.h"

namespace delta::store {

class Database;

/// All that is kept of how people log in, on one connection. Several of them are changed within Store::change().
class LoginTables
{
public:
    /// `database` must outlive the tables.
    explicit LoginTables(Database &database)
        : logins(database)
        , sessions(database)
        , tokens(database)
        , identities(database)
    {
    }

    LoginRepository logins;
    SessionRepository sessions;
    LoginTokenRepository tokens;
    IdentityRepository identities;
};

} // namespace delta::store

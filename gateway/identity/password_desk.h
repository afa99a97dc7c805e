#pragma once

#include "gateway/auth/password_hash.h"
#include "gateway/identity/password_pool.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArray>

#include <functional>
#include <utility>

namespace delta::identity {

/// What came of checking a password.
struct PasswordVerdict {
    bool isRight = false;
    QByteArray rehashed; ///< The same password at today's cost; empty: its hash is good as it is.
};

/// Checks and hashes passwords in the pool, and brings the results home.
class PasswordDesk
{
public:
    /// Runs something on the thread of whoever asks.
    using Home = std::function<void(std::function<void()>)>;
    using Checked = std::function<void(const PasswordVerdict &verdict)>;
    using Hashed = std::function<void(const Result<QByteArray> &hash)>;

    /// What the desk works with. `random` is used from the pool's threads.
    struct Parts {
        PasswordPool &pool;
        Random &random;
        Home home;
        auth::PasswordCost cost = auth::costOfChosen;
    };

    /// What the parts name must outlive the pool's work; the desk need not.
    explicit PasswordDesk(Parts parts);

    /// Checks a password against a hash; an empty one is nobody's, which takes as long. `then` is called at home.
    /// Errors: RateLimited if the pool is busy; then nothing is called.
    [[nodiscard]] Result<void> check(Secret password, const QByteArray &hash, Checked then);
    /// Hashes a password. `then` is called at home. Errors: likewise.
    [[nodiscard]] Result<void> hash(Secret password, Hashed then);

private:
    Parts m_parts;
    const QByteArray m_nobody; ///< A hash without a password.
};

} // namespace delta::identity

#pragma once

#include "gateway/identity/attempt_brake.h"
#include "gateway/identity/identity_parts.h"
#include "gateway/identity/password_desk.h"
#include "gateway/identity/second_factor.h"
#include "gateway/identity/session_service.h"
#include "gateway/store/login_rows.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace delta::identity {

/// Called once with what became of something, on the thread of the store, perhaps before the call that asks returns.
template <typename T>
using Done = std::function<void(Result<T>)>;

/// Somebody who wants to log in.
struct LoginWish {
    QString email; ///< Or their id, see ports::People.
    Secret password;
    QByteArray code; ///< Of the second factor; empty: none was given yet.
    Visitor visitor;
};

/// What came of logging in.
struct LoginOutcome {
    std::optional<OpenSession> session; ///< Absent: the password is right, and a code is missing.
    bool mustChangePassword = false;
};

/// What somebody may know of themselves.
struct OwnLogin {
    bool hasPassword = false;
    bool hasSecondFactor = false;
    int recoveryCodesLeft = 0;
};

/// What proves again who somebody is: a code if they have a second factor, else the password.
struct Proof {
    Secret password;
    QByteArray code;
};

/// A second factor that is in force now, and the session that goes on.
struct FactorInForce {
    std::vector<Secret> recoveryCodes; ///< Shown once.
    OpenSession session;
};

/// Lets people log in and look after their own login. Used on the thread of the store; passwords are computed
/// elsewhere. Whoever a Caller is was found out by SessionService::identify().
/// Errors of all: StoreUnavailable, RateLimited with `retryAfter`, and what they say.
class LoginService
{
public:
    /// All must outlive the service, and the service what the desk still brings home.
    struct Parts {
        IdentityParts ground;
        SessionService &sessions;
        SecondFactor &factor;
        PasswordDesk &passwords;
    };

    explicit LoginService(const Parts &parts);

    /// Begins a session for somebody who knows their password and, if they have a second factor, a code.
    /// Errors: `invalid_credentials`, whatever was wrong; InvalidRequest for a password that is too long.
    void login(LoginWish wish, Done<LoginOutcome> done);
    /// Ends the session that somebody came with.
    [[nodiscard]] Result<void> logout(const Caller &caller);
    /// Ends one of their sessions. Returns whether it was there.
    [[nodiscard]] Result<bool> endSession(const Caller &caller, const QString &sessionId);
    [[nodiscard]] Result<OwnLogin> me(const Caller &caller);
    /// Changes the password, ends all other sessions and gives this one another token.
    /// Errors: `invalid_credentials`; InvalidRequest naming `new_password`.
    void changePassword(const Caller &caller, Proof current, Secret wanted, Done<OpenSession> done);
    /// Notes that somebody proved again who they are. Errors: `invalid_credentials`.
    void stepUp(const Caller &caller, Proof proof, Done<void> done);

    /// See SecondFactor::start(). Errors: also `step_up_required`, as of the next three.
    [[nodiscard]] Result<FactorOffer> startMfa(const Caller &caller);
    /// Puts the second factor in force, ends all other sessions and gives this one another token.
    [[nodiscard]] Result<FactorInForce> confirmMfa(const Caller &caller, QByteArrayView code);
    /// Takes the second factor away, ends all other sessions and gives this one another token.
    [[nodiscard]] Result<OpenSession> disableMfa(const Caller &caller);
    [[nodiscard]] Result<std::vector<Secret>> newRecoveryCodes(const Caller &caller);

private:
    struct Attempt;
    [[nodiscard]] Result<Attempt> begin(LoginWish wish);
    [[nodiscard]] Result<LoginOutcome> finish(const Attempt &attempt,
                                              const PasswordVerdict &verdict);
    [[nodiscard]] Result<LoginOutcome> welcome(const Attempt &attempt, const QByteArray &rehashed);
    [[nodiscard]] Result<void> takeCode(const store::LoginRow &login, QByteArrayView code);
    [[nodiscard]] Result<store::LoginRow> loginOf(const Caller &caller);
    [[nodiscard]] Result<OpenSession> replacePassword(const Caller &caller,
                                                      const store::LoginRow &login,
                                                      const QByteArray &hash);
    /// Changes something of somebody's own login, and writes it down.
    [[nodiscard]] Result<void> changing(
        const Caller &caller, const QString &action,
        const std::function<Result<void>(store::LoginTables &)> &work);
    void checkOwnPassword(const Caller &caller, const Secret &password, Done<store::LoginRow> done);
    /// Of others than this one, nothing is known that was proven the way that is asked for now.
    [[nodiscard]] Result<OpenSession> goOnAlone(const Caller &caller);

    const Parts m_parts;
    AttemptBrake m_places;   ///< By address, whoever it asks for.
    AttemptBrake m_accounts; ///< By e-mail address, whether there is such an account or not.
    AttemptBrake m_codes;    ///< By user, once the password is right.
};

} // namespace delta::identity

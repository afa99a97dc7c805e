#include "gateway/identity/login_service.h"

#include "gateway/identity/identity_errors.h"
#include "gateway/identity/log.h"
#include "gateway/identity/password_rules.h"
#include "gateway/identity/recorded.h"
#include "gateway/store/login_tables.h"

#include <QCryptographicHash>

#include <chrono>
#include <utility>

namespace delta::identity {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const BrakeSettings placeBrake{.perMinute = 20, .freeFailures = 1'000'000};
const BrakeSettings accountBrake{.perMinute = 10, .freeFailures = 3};
/// Whoever gets here knows the password; of a million codes, three are right.
const BrakeSettings codeBrake{.perMinute = 5, .freeFailures = 3, .longestDelay = 15min};

/// Names an account in as many bytes as any other.
QByteArray accountOf(const QString &email)
{
    return QCryptographicHash::hash(email.toUtf8(), QCryptographicHash::Sha256);
}

Result<void> checkLength(const Secret &password)
{
    return password.reveal().size() <= longestPassword
        ? Result<void>()
        : failure(ApiError::invalidRequest(
              u"A password has %1 bytes at most."_s.arg(longestPassword), u"password"_s));
}

} // namespace

/// A login under way.
struct LoginService::Attempt {
    LoginWish wish{};
    QByteArray place{};                     ///< For the brake of places.
    QByteArray account{};                   ///< For the brake of accounts.
    std::optional<ports::Person> person{};  ///< Absent: nobody whom a password could let in.
    std::optional<store::LoginRow> login{}; ///< Likewise.
};

LoginService::LoginService(const Parts &parts)
    : m_parts(parts)
    , m_places(parts.ground.clock, placeBrake)
    , m_accounts(parts.ground.clock, accountBrake)
    , m_codes(parts.ground.clock, codeBrake)
{
}

/// From where somebody logged in before they are counted alone: who guesses elsewhere does not hold them up. Asks the
/// store the same of those whom it does not know, so that the time tells nothing.
Result<LoginService::Attempt> LoginService::begin(LoginWish wish)
{
    TRY_VOID(checkLength(wish.password));
    wish.email = wish.email.trimmed().toLower();
    Attempt attempt{.place = placeOf(wish.visitor.ip), .account = accountOf(wish.email)};
    TRY_VOID(m_places.admit(attempt.place));
    TRY(store::LoginTables *const tables, m_parts.ground.store.logins());
    TRY(attempt.person, m_parts.ground.people.personByName(wish.email));
    const QString userId = attempt.person ? attempt.person->id : QString();
    TRY(const bool isKnown, tables->sessions.wasSeenFrom(userId, wish.visitor.ip));
    attempt.account += isKnown ? attempt.place : QByteArray();
    TRY(attempt.login, tables->logins.find(userId));
    TRY_VOID(m_accounts.admit(attempt.account));
    if (!attempt.person || attempt.person->isBlocked || !attempt.login) {
        attempt.login.reset();
        attempt.person.reset();
    }
    attempt.wish = std::move(wish);
    return attempt;
}

void LoginService::login(LoginWish wish, Done<LoginOutcome> done)
{
    const auto attempt = begin(std::move(wish));
    if (!attempt) {
        done(failure(attempt.error()));
        return;
    }
    const QByteArray hash = attempt->login ? attempt->login->passwordHash : QByteArray();
    const auto posted = m_parts.passwords.check(
        attempt->wish.password, hash,
        [this, attempt = *attempt, done](const PasswordVerdict &verdict) {
            done(finish(attempt, verdict));
        });
    if (!posted) {
        done(failure(posted.error()));
    }
}

Result<LoginOutcome> LoginService::finish(const Attempt &attempt, const PasswordVerdict &verdict)
{
    if (!verdict.isRight || !attempt.person) {
        m_accounts.failed(attempt.account);
        qCInfo(lcIdentity, "a login from %ls was refused",
               qUtf16Printable(attempt.wish.visitor.ip));
        return failure(wrongCredentials());
    }
    // What was read before may have changed while the password was computed.
    TRY(store::LoginTables *const tables, m_parts.ground.store.logins());
    TRY(const auto person, m_parts.ground.people.personById(attempt.person->id));
    TRY(const auto login, tables->logins.find(attempt.person->id));
    if (!person || person->isBlocked || !login
        || login->passwordHash != attempt.login->passwordHash) {
        return failure(wrongCredentials());
    }
    Attempt current = attempt;
    current.person = person;
    current.login = login;
    if (login->mfaEnabledAt) {
        if (attempt.wish.code.isEmpty()) {
            return LoginOutcome{};
        }
        TRY_VOID(takeCode(*login, attempt.wish.code));
    }
    return welcome(current, verdict.rehashed);
}

Result<void> LoginService::takeCode(const store::LoginRow &login, QByteArrayView code)
{
    const QByteArray who = login.userId.toUtf8();
    TRY_VOID(m_codes.admit(who));
    TRY(const bool isRight, m_parts.factor.take(login, code));
    if (!isRight) {
        m_codes.failed(who);
        return failure(wrongCredentials());
    }
    m_codes.forget(who);
    return {};
}

Result<LoginOutcome> LoginService::welcome(const Attempt &attempt, const QByteArray &rehashed)
{
    m_places.refund(attempt.place);
    m_accounts.forget(attempt.account);
    TRY_VOID(m_parts.sessions.tidy());
    const ports::Person &person = *attempt.person;
    LoginOutcome outcome{.session = {}, .mustChangePassword = attempt.login->mustChange};
    TRY_VOID(recorded(m_parts.ground, {u"login"_s, person, byPerson(person, attempt.wish.visitor)},
                      [&](store::LoginTables &tables) -> Result<void> {
                          if (!rehashed.isEmpty()) {
                              TRY_VOID(tables.logins.replaceHash(*attempt.login, rehashed));
                          }
                          TRY_VOID(tables.logins.noteLogin(person.id, m_parts.ground.clock.wall()));
                          TRY(outcome.session, m_parts.sessions.open(person, attempt.wish.visitor));
                          return {};
                      }));
    return outcome;
}

Result<void> LoginService::logout(const Caller &caller)
{
    return changing(caller, u"logout"_s, [&](store::LoginTables &) {
        return m_parts.sessions.end(caller.session.id, caller.person.id).transform([](bool) { });
    });
}

Result<bool> LoginService::endSession(const Caller &caller, const QString &sessionId)
{
    bool wasOpen = false;
    TRY_VOID(changing(caller, u"session.end"_s, [&](store::LoginTables &) -> Result<void> {
        TRY(wasOpen, m_parts.sessions.end(sessionId, caller.person.id));
        return {};
    }));
    return wasOpen;
}

Result<void> LoginService::changing(const Caller &caller, const QString &action,
                                    const std::function<Result<void>(store::LoginTables &)> &work)
{
    return recorded(m_parts.ground,
                    {action, caller.person, byPerson(caller.person, caller.visitor)}, work);
}

Result<store::LoginRow> LoginService::loginOf(const Caller &caller)
{
    TRY(store::LoginTables *const tables, m_parts.ground.store.logins());
    TRY(std::optional<store::LoginRow> login, tables->logins.find(caller.person.id));
    return std::move(login).value_or(store::LoginRow{.userId = caller.person.id});
}

Result<OwnLogin> LoginService::me(const Caller &caller)
{
    TRY(const store::LoginRow login, loginOf(caller));
    TRY(store::LoginTables *const tables, m_parts.ground.store.logins());
    TRY(const int left, tables->logins.recoveryCodesLeft(caller.person.id));
    return OwnLogin{!login.passwordHash.isEmpty(), login.mfaEnabledAt.has_value(), left};
}

void LoginService::checkOwnPassword(const Caller &caller, const Secret &password,
                                    Done<store::LoginRow> done)
{
    const QByteArray who = "user:" + caller.person.id.toUtf8();
    const auto admitted = checkLength(password).and_then(
        [this, &who] { return m_accounts.admit(who); });
    const auto login = admitted.and_then([this, &caller] { return loginOf(caller); });
    if (!login) {
        done(failure(login.error()));
        return;
    }
    const auto posted = m_parts.passwords.check(
        password, login->passwordHash,
        [this, who, login = *login, done](const PasswordVerdict &verdict) {
            if (!verdict.isRight) {
                m_accounts.failed(who);
                done(failure(wrongCredentials()));
                return;
            }
            m_accounts.forget(who);
            done(login);
        });
    if (!posted) {
        done(failure(posted.error()));
    }
}

void LoginService::changePassword(const Caller &caller, Proof current, Secret wanted,
                                  Done<OpenSession> done)
{
    auto allowed = checkChosenPassword(wanted, caller.person.email, u"new_password"_s);
    if (allowed && wanted.reveal() == current.password.reveal()) {
        allowed = failure(ApiError::invalidRequest(
            u"The new password must be another one than the current one."_s, u"new_password"_s));
    }
    if (!allowed) {
        done(failure(allowed.error()));
        return;
    }
    checkOwnPassword(caller, current.password,
                     [this, caller, wanted, done](const Result<store::LoginRow> &login) {
                         if (!login) {
                             done(failure(login.error()));
                             return;
                         }
                         const auto posted = m_parts.passwords.hash(
                             wanted,
                             [this, caller, login = *login, done](const Result<QByteArray> &hash) {
                                 done(hash.and_then([&](const QByteArray &made) {
                                     return replacePassword(caller, login, made);
                                 }));
                             });
                         if (!posted) {
                             done(failure(posted.error()));
                         }
                     });
}

/// Not if it was changed or taken away while the new one was computed.
Result<OpenSession> LoginService::replacePassword(const Caller &caller,
                                                  const store::LoginRow &login,
                                                  const QByteArray &hash)
{
    OpenSession session;
    TRY_VOID(
        changing(caller, u"password.change"_s, [&](store::LoginTables &tables) -> Result<void> {
            TRY(const bool isSame, tables.logins.replaceHash(login, hash));
            if (!isSame) {
                return failure(wrongCredentials());
            }
            TRY_VOID(tables.logins.putPassword(
                {caller.person.id, hash, false, m_parts.ground.clock.wall()}));
            TRY_VOID(tables.tokens.removeUnused(caller.person.id));
            TRY(session, goOnAlone(caller));
            return {};
        }));
    return session;
}

Result<OpenSession> LoginService::goOnAlone(const Caller &caller)
{
    TRY_VOID(m_parts.sessions.endAll(caller.person.id, caller.session.id));
    return m_parts.sessions.renew(caller.session);
}

void LoginService::stepUp(const Caller &caller, Proof proof, Done<void> done)
{
    const auto login = loginOf(caller);
    if (login && login->mfaEnabledAt) {
        done(takeCode(*login, proof.code).and_then([this, &caller] {
            return m_parts.sessions.noteProof(caller.session);
        }));
        return;
    }
    checkOwnPassword(caller, proof.password, [this, caller, done](const auto &checked) {
        done(checked.and_then([this, &caller](const store::LoginRow &) {
            return m_parts.sessions.noteProof(caller.session);
        }));
    });
}

Result<FactorOffer> LoginService::startMfa(const Caller &caller)
{
    TRY_VOID(m_parts.sessions.requireRecentProof(caller.session));
    return m_parts.factor.start(caller.person);
}

Result<FactorInForce> LoginService::confirmMfa(const Caller &caller, QByteArrayView code)
{
    TRY_VOID(m_parts.sessions.requireRecentProof(caller.session));
    FactorInForce made;
    TRY_VOID(changing(caller, u"mfa.enable"_s, [&](store::LoginTables &) -> Result<void> {
        TRY(made.recoveryCodes, m_parts.factor.confirm(caller.person.id, code));
        TRY(made.session, goOnAlone(caller));
        return {};
    }));
    return made;
}

Result<OpenSession> LoginService::disableMfa(const Caller &caller)
{
    TRY_VOID(m_parts.sessions.requireRecentProof(caller.session));
    OpenSession session;
    TRY_VOID(changing(caller, u"mfa.disable"_s, [&](store::LoginTables &) -> Result<void> {
        TRY(const bool wasThere, m_parts.factor.disable(caller.person.id));
        if (!wasThere) {
            return failure(ApiError::invalidRequest(u"There is no second factor."_s));
        }
        TRY(session, goOnAlone(caller));
        return {};
    }));
    return session;
}

Result<std::vector<Secret>> LoginService::newRecoveryCodes(const Caller &caller)
{
    TRY_VOID(m_parts.sessions.requireRecentProof(caller.session));
    std::vector<Secret> codes;
    TRY_VOID(changing(caller, u"mfa.recovery_codes"_s, [&](store::LoginTables &) -> Result<void> {
        TRY(codes, m_parts.factor.newRecoveryCodes(caller.person.id));
        return {};
    }));
    return codes;
}

} // namespace delta::identity

#include "gateway/identity/account_service.h"

#include "gateway/identity/identity_errors.h"
#include "gateway/identity/log.h"
#include "gateway/identity/login_letters.h"
#include "gateway/identity/password_rules.h"
#include "gateway/identity/recorded.h"
#include "gateway/identity/secrets.h"

#include <utility>

namespace delta::identity {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const BrakeSettings placeBrake{.perMinute = 10, .freeFailures = 1'000'000};
/// The third letter within an hour waits for a minute, the next for two.
const BrakeSettings letterBrake{
    .perMinute = 3, .freeFailures = 1, .firstDelay = 60s, .longestDelay = 1h};
constexpr auto keptFor = std::chrono::days(30);

QString purposeText(LinkPurpose purpose)
{
    return purpose == LinkPurpose::Invitation ? u"invitation"_s : u"reset"_s;
}

} // namespace

AccountService::AccountService(Parts parts)
    : m_parts(std::move(parts))
    , m_places(m_parts.ground.clock, placeBrake)
    , m_letters(m_parts.ground.clock, letterBrake)
{
}

bool AccountService::canMail() const
{
    return m_parts.mailer != nullptr && !m_parts.settings.publicUrl.isEmpty();
}

QByteArray AccountService::linkMac(LinkPurpose purpose, const Secret &token) const
{
    return macFor(purposeText(purpose).toLatin1(), token.reveal(), m_parts.ground.pepper);
}

Result<ports::Person> AccountService::personOf(const QString &userId)
{
    TRY(std::optional<ports::Person> person, m_parts.ground.people.personById(userId));
    if (!person) {
        return failure(
            ApiError::notFound(u"There is no such user."_s, u"user_id"_s, u"user_not_found"_s));
    }
    return *std::move(person);
}

/// In a transaction of the caller's; what is mailed before it is committed opens nothing.
Result<MadeLink> AccountService::makeLink(const ports::Person &person, LinkPurpose purpose,
                                          const QString &by)
{
    const WallTime now = m_parts.ground.clock.wall();
    const Secret token = makeToken(m_parts.ground.random);
    const WallTime expiresAt = now
        + (purpose == LinkPurpose::Invitation ? m_parts.settings.invitation
                                              : m_parts.settings.reset);
    TRY(store::LoginTables *const tables, m_parts.ground.store.logins());
    TRY_VOID(tables->tokens.removeUnused(person.id));
    TRY_VOID(tables->tokens.removeOld(now - keptFor));
    TRY_VOID(tables->tokens.insert({.mac = linkMac(purpose, token),
                                    .purpose = purposeText(purpose),
                                    .userId = person.id,
                                    .createdBy = by,
                                    .createdAt = now,
                                    .expiresAt = expiresAt}));
    return MadeLink{token, expiresAt};
}

Result<MadeLink> AccountService::invite(const AccountOrder &order)
{
    TRY(const ports::Person person, personOf(order.userId));
    MadeLink link;
    TRY_VOID(recorded(
        m_parts.ground, {u"user.invite"_s, person, order.by},
        [&](store::LoginTables &tables) -> Result<void> {
            TRY(const std::optional<store::LoginRow> login, tables.logins.find(person.id));
            if (login && !login->passwordHash.isEmpty()) {
                return failure(ApiError::invalidRequest(
                    u"This user has a password already. Reset it instead."_s, u"user_id"_s));
            }
            TRY(link, makeLink(person, LinkPurpose::Invitation, order.by.actorId));
            return {};
        }));
    return delivered(std::move(link), person, LinkPurpose::Invitation);
}

Result<MadeLink> AccountService::resetPassword(const AccountOrder &order)
{
    TRY(const ports::Person person, personOf(order.userId));
    MadeLink link;
    TRY_VOID(recorded(m_parts.ground, {u"user.reset_password"_s, person, order.by},
                      [&](store::LoginTables &tables) -> Result<void> {
                          TRY_VOID(tables.logins.putPassword(
                              {person.id, {}, false, m_parts.ground.clock.wall()}));
                          TRY_VOID(m_parts.sessions.endAll(person.id));
                          TRY(link, makeLink(person, LinkPurpose::Reset, order.by.actorId));
                          return {};
                      }));
    return delivered(std::move(link), person, LinkPurpose::Reset);
}

MadeLink AccountService::delivered(MadeLink link, const ports::Person &person, LinkPurpose purpose)
{
    if (canMail() && !person.email.isEmpty()) {
        const LetterFacts facts{person, m_parts.settings.publicUrl, *link.token, link.expiresAt};
        if (m_parts.mailer->post(purpose == LinkPurpose::Invitation ? invitationLetter(facts)
                                                                    : resetLetter(facts))) {
            link.token.reset();
        }
    }
    return link;
}

Result<void> AccountService::requestReset(const QString &email, const Visitor &visitor)
{
    if (!canMail()) {
        return failure(ApiError::unsupported(
            u"This gateway sends no mail. Ask an administrator to reset your password."_s));
    }
    TRY_VOID(m_places.admit(placeOf(visitor.ip)));
    // Later, so that the answer is on its way before there is a difference.
    m_parts.home([this, address = email.trimmed().toLower(), visitor] {
        if (const auto sent = sendReset(address, visitor); !sent) {
            qCWarning(lcIdentity, "No link to reset a password was sent: %ls",
                      qUtf16Printable(sent.error().message));
        }
    });
    return {};
}

Result<void> AccountService::sendReset(const QString &email, const Visitor &visitor)
{
    TRY(const std::optional<ports::Person> person, m_parts.ground.people.personByName(email));
    TRY(store::LoginTables *const tables, m_parts.ground.store.logins());
    const QByteArray account = email.toUtf8();
    if (!person || person->isBlocked || person->email.isEmpty() || !m_letters.admit(account)) {
        return {};
    }
    m_letters.failed(account);
    TRY(const std::optional<store::LoginRow> login, tables->logins.find(person->id));
    if (!login) {
        return {}; // An invitation is for an administrator to repeat.
    }
    AuditEvent by = byPerson({}, visitor);
    by.actorKind = AuditActor::System; // Anybody may ask.
    by.authMethod.clear();
    MadeLink link;
    TRY_VOID(recorded(m_parts.ground, {u"password.reset_request"_s, *person, by},
                      [&](store::LoginTables &) -> Result<void> {
                          TRY(link, makeLink(*person, LinkPurpose::Reset, {}));
                          return {};
                      }));
    delivered(std::move(link), *person, LinkPurpose::Reset);
    return {};
}

Result<ports::Person> AccountService::holderOf(LinkPurpose purpose, const Secret &token)
{
    if (!looksLikeToken(token.reveal())) {
        return failure(deadLink());
    }
    TRY(store::LoginTables *const tables, m_parts.ground.store.logins());
    TRY(const std::optional<store::LoginTokenRow> link,
        tables->tokens.find(linkMac(purpose, token), purposeText(purpose)));
    if (!link || link->expiresAt <= m_parts.ground.clock.wall()) {
        return failure(deadLink());
    }
    TRY(std::optional<ports::Person> person, m_parts.ground.people.personById(link->userId));
    if (!person || person->isBlocked) {
        return failure(deadLink());
    }
    return *std::move(person);
}

void AccountService::useLink(const LinkUse &use, Done<void> done)
{
    const auto allowed =
        holderOf(use.purpose, use.token).and_then([&use](const ports::Person &person) {
            return checkChosenPassword(use.password, person.email, u"password"_s);
        });
    if (!allowed) {
        done(failure(allowed.error()));
        return;
    }
    const auto posted = m_parts.passwords.hash(
        use.password, [this, use, done](const Result<QByteArray> &hash) {
            done(hash.and_then(
                [this, &use](const QByteArray &made) { return takeLink(use, made); }));
        });
    if (!posted) {
        done(failure(posted.error()));
    }
}

Result<void> AccountService::takeLink(const LinkUse &use, const QByteArray &hash)
{
    TRY(const ports::Person person, holderOf(use.purpose, use.token));
    AuditEvent by = byPerson(person, use.visitor);
    by.authMethod = u"link"_s;
    const QString action = use.purpose == LinkPurpose::Invitation ? u"invitation.accept"_s
                                                                  : u"password.reset"_s;
    return recorded(
        m_parts.ground, {action, person, by}, [&](store::LoginTables &tables) -> Result<void> {
            const WallTime now = m_parts.ground.clock.wall();
            TRY(const bool isTaken, tables.tokens.take(linkMac(use.purpose, use.token), now));
            if (!isTaken) {
                return failure(deadLink());
            }
            TRY_VOID(tables.logins.putPassword({person.id, hash, false, now}));
            TRY_VOID(tables.tokens.removeUnused(person.id));
            return m_parts.sessions.endAll(person.id).transform([](int) { });
        });
}

Result<bool> AccountService::adoptPassword(const QString &userId, const QByteArray &hash)
{
    TRY(const ports::Person person, personOf(userId));
    bool isAdopted = false;
    TRY_VOID(recorded(m_parts.ground, {u"password.adopt"_s, person, {}},
                      [&](store::LoginTables &tables) -> Result<void> {
                          TRY(isAdopted,
                              tables.logins.insertPassword(
                                  {userId, hash, true, m_parts.ground.clock.wall()}));
                          return {};
                      }));
    return isAdopted;
}

Result<bool> AccountService::removeMfa(const AccountOrder &order)
{
    TRY(const ports::Person person, personOf(order.userId));
    bool wasThere = false;
    TRY_VOID(recorded(m_parts.ground, {u"user.remove_mfa"_s, person, order.by},
                      [&](store::LoginTables &) -> Result<void> {
                          TRY(wasThere, m_parts.factor.disable(person.id));
                          return m_parts.sessions.endAll(person.id).transform([](int) { });
                      }));
    return wasThere;
}

Result<int> AccountService::endSessions(const AccountOrder &order)
{
    TRY(const ports::Person person, personOf(order.userId));
    int count = 0;
    TRY_VOID(recorded(m_parts.ground, {u"user.end_sessions"_s, person, order.by},
                      [&](store::LoginTables &) -> Result<void> {
                          TRY(count, m_parts.sessions.endAll(person.id));
                          return {};
                      }));
    return count;
}

} // namespace delta::identity

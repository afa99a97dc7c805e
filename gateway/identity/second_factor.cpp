#include "gateway/identity/second_factor.h"

#include "gateway/identity/secrets.h"
#include "gateway/identity/totp.h"
#include "gateway/store/login_tables.h"

#include <QByteArrayList>

#include <optional>
#include <span>
#include <utility>

namespace delta::identity {

using namespace Qt::StringLiterals;

namespace {

Secret drawSeed(Random &random)
{
    QByteArray bytes(seedBytes, '\0');
    random.fill(
        std::as_writable_bytes(std::span(bytes.data(), static_cast<std::size_t>(seedBytes))));
    return Secret(std::move(bytes));
}

ApiError wrongCode()
{
    return ApiError::invalidRequest(u"The code is wrong. Check that the clock of the device that "
                                    u"shows it is right."_s,
                                    u"code"_s);
}

QByteArray withoutBlanks(QByteArrayView code)
{
    QByteArray plain = code.toByteArray();
    plain.removeIf([](char c) { return c == ' '; });
    return plain;
}

} // namespace

QByteArray seedContext(const QString &userId)
{
    return "logins|" + userId.toUtf8() + "|mfa_seed";
}

SecondFactor::SecondFactor(const IdentityParts &parts, ports::Sealer &sealer, QString issuer)
    : m_parts(parts)
    , m_sealer(sealer)
    , m_issuer(std::move(issuer))
{
}

Result<Secret> SecondFactor::openSeed(const QString &userId, const QByteArray &sealed)
{
    return m_sealer.open(sealed, seedContext(userId));
}

Result<FactorOffer> SecondFactor::start(const ports::Person &person)
{
    const Secret seed = drawSeed(m_parts.random);
    TRY(const QByteArray sealed, m_sealer.seal(seed, seedContext(person.id)));
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    TRY(const bool isWaiting, tables->logins.setPendingSeed(person.id, sealed));
    if (!isWaiting) {
        return failure(ApiError::invalidRequest(
            u"There is a second factor already, or no password that it could be second to."_s));
    }
    return FactorOffer{Secret(base32(seed.reveal())),
                       Secret(otpauthUrl({m_issuer, person.email}, seed).toLatin1())};
}

Result<std::vector<Secret>> SecondFactor::confirm(const QString &userId, QByteArrayView code)
{
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    TRY(const std::optional<store::LoginRow> login, tables->logins.find(userId));
    if (!login || login->mfaPendingSeed.isEmpty()) {
        return failure(ApiError::invalidRequest(
            u"No second factor waits for its first code. Begin again."_s, u"code"_s));
    }
    TRY(const Secret seed, openSeed(userId, login->mfaPendingSeed));
    const WallTime now = m_parts.clock.wall();
    const std::optional<qint64> step = matchTotp(seed, withoutBlanks(code), now);
    if (!step) {
        return failure(wrongCode());
    }
    TRY(const bool isInForce,
        tables->logins.enableMfa({userId, login->mfaPendingSeed, now, *step}));
    if (!isInForce) {
        return failure(wrongCode());
    }
    return newRecoveryCodes(userId);
}

Result<bool> SecondFactor::disable(const QString &userId)
{
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    TRY_VOID(tables->logins.replaceRecoveryCodes(userId, {}));
    return tables->logins.disableMfa(userId);
}

Result<std::vector<Secret>> SecondFactor::newRecoveryCodes(const QString &userId)
{
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    TRY(const std::optional<store::LoginRow> login, tables->logins.find(userId));
    if (!login || !login->mfaEnabledAt) {
        return failure(ApiError::invalidRequest(u"There is no second factor to recover."_s));
    }
    std::vector<Secret> codes = makeRecoveryCodes(m_parts.random);
    QByteArrayList macs;
    for (const Secret &code : codes) {
        macs.append(recoveryMac(userId, code.reveal(), m_parts.pepper));
    }
    TRY_VOID(tables->logins.replaceRecoveryCodes(userId, macs));
    return codes;
}

Result<bool> SecondFactor::take(const store::LoginRow &login, QByteArrayView code)
{
    TRY(store::LoginTables *const tables, m_parts.store.logins());
    TRY(const Secret seed, openSeed(login.userId, login.mfaSeed));
    const WallTime now = m_parts.clock.wall();
    if (const auto step = matchTotp(seed, withoutBlanks(code), now)) {
        return tables->logins.takeStep(login.userId, *step);
    }
    const QByteArray mac = recoveryMac(login.userId, code, m_parts.pepper);
    return tables->logins.takeRecoveryCode(login.userId, mac, now);
}

} // namespace delta::identity

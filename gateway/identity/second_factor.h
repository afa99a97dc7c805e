#pragma once

#include "gateway/identity/identity_parts.h"
#include "gateway/ports/people.h"
#include "gateway/ports/sealer.h"
#include "gateway/store/login_rows.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArrayView>
#include <QString>

#include <vector>

namespace delta::identity {

/// What an authenticator app is to be told; shown once.
struct FactorOffer {
    Secret seed; ///< In base 32, for those who type it.
    Secret url;  ///< otpauth://, for a QR code.
};

/// Returns the place that the seed of a user is sealed for, whether it waits or is in force.
[[nodiscard]] QByteArray seedContext(const QString &userId);

/// Codes of authenticator apps, and the recovery codes that stand in for them. No code is good twice, whichever
/// process takes it. Used on the thread of the store. Errors of all: StoreUnavailable, Internal, and what they say.
class SecondFactor
{
public:
    /// `sealer` must outlive it.
    SecondFactor(const IdentityParts &parts, ports::Sealer &sealer, QString issuer);

    /// Draws a seed. Nothing is asked for before its first code was given.
    /// Errors: InvalidRequest if there is a factor already, or no password that it could be second to.
    [[nodiscard]] Result<FactorOffer> start(const ports::Person &person);
    /// Puts the seed in force and returns the recovery codes, which are shown once. In a transaction of the caller's.
    /// Errors: InvalidRequest naming `code` if it is wrong, or if nothing was started.
    [[nodiscard]] Result<std::vector<Secret>> confirm(const QString &userId, QByteArrayView code);
    /// Takes the factor and its recovery codes away. In a transaction of the caller's. Returns whether there was one.
    [[nodiscard]] Result<bool> disable(const QString &userId);
    /// Replaces the recovery codes. In a transaction of the caller's. Errors: InvalidRequest if there is no factor.
    [[nodiscard]] Result<std::vector<Secret>> newRecoveryCodes(const QString &userId);
    /// Takes a code of the app or a recovery code, if it is right and was not taken before. Returns whether it did.
    [[nodiscard]] Result<bool> take(const store::LoginRow &login, QByteArrayView code);

private:
    [[nodiscard]] Result<Secret> openSeed(const QString &userId, const QByteArray &sealed);

    const IdentityParts m_parts;
    ports::Sealer &m_sealer;
    const QString m_issuer;
};

} // namespace delta::identity

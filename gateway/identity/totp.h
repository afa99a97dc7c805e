#pragma once

#include "shared/core/clock.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QtTypes>

#include <optional>

namespace delta::identity {

/// The length of a seed in bytes, as RFC 4226 recommends.
inline constexpr qsizetype seedBytes = 20;

/// Computes the six digits of a counter (RFC 4226, HMAC-SHA-1).
[[nodiscard]] QByteArray hotp(const Secret &seed, qint64 counter);

/// Returns the step of 30 seconds that a moment is in (RFC 6238).
[[nodiscard]] qint64 totpStep(WallTime time);

/// Returns the step whose code it is: the one of now, the one before or the one after, for clocks that differ.
/// Nothing: none. Takes the same time for all codes.
[[nodiscard]] std::optional<qint64> matchTotp(const Secret &seed, QByteArrayView code,
                                              WallTime now);

/// Returns bytes in base 32 (RFC 4648) without padding, as authenticator apps want to have seeds.
[[nodiscard]] QByteArray base32(QByteArrayView bytes);

/// Who a seed is for, as an app shows it.
struct SeedOwner {
    QString issuer;
    QString account;
};

/// Returns the address that an app reads from a QR code.
[[nodiscard]] QString otpauthUrl(const SeedOwner &owner, const Secret &seed);

} // namespace delta::identity

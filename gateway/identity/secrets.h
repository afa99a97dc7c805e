#pragma once

#include "gateway/auth/pepper.h"
#include "shared/core/random.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <vector>

namespace delta::identity {

/// How many recovery codes somebody gets.
inline constexpr int recoveryCodeCount = 10;

/// Makes the token of a session or of a link: 43 characters of [0-9A-Za-z], 256 bits.
[[nodiscard]] Secret makeToken(Random &random);
/// Says whether a text has the form of a token. Others are refused before anything is looked up.
[[nodiscard]] bool looksLikeToken(QByteArrayView text);
/// Makes the name of a session for people; it opens nothing.
[[nodiscard]] QString makeSessionId(Random &random);

/// Returns the MAC that the store knows a secret by. One for one purpose is not one for another.
[[nodiscard]] QByteArray macFor(QByteArrayView purpose, QByteArrayView secret,
                                const auth::Pepper &pepper);
/// Returns the token that a page sends along to show that it could read what a session was told; 43 characters. It
/// changes with the session's own.
[[nodiscard]] QByteArray csrfTokenOf(const QByteArray &sessionMac, const auth::Pepper &pepper);
/// Compares two texts in a time that depends on their lengths only.
[[nodiscard]] bool isSameText(QByteArrayView a, QByteArrayView b);

/// Makes recovery codes such as "7k3qd-x9m2p": 50 bits each, without characters that look alike.
[[nodiscard]] std::vector<Secret> makeRecoveryCodes(Random &random);
/// Returns the MAC of a recovery code as somebody typed it: case, blanks and dashes do not matter.
[[nodiscard]] QByteArray recoveryMac(const QString &userId, QByteArrayView code,
                                     const auth::Pepper &pepper);

} // namespace delta::identity

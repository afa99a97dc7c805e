#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QString>

namespace delta::identity {

/// The length of a password in bytes. Longer ones are refused before anything is computed.
inline constexpr qsizetype shortestPassword = 12;
inline constexpr qsizetype longestPassword = 1024;

/// Says whether a password that somebody chose is one that others would not try first: long enough, not the
/// e-mail address, none of the commonest, not one character or two over and over.
/// Errors: InvalidRequest naming `param`.
[[nodiscard]] Result<void> checkChosenPassword(const Secret &password, const QString &email,
                                               const QString &param);

} // namespace delta::identity

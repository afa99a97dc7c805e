#pragma once

#include "gateway/ports/mailer.h"
#include "gateway/ports/people.h"
#include "shared/core/clock.h"
#include "shared/core/secret.h"

#include <QString>

namespace delta::identity {

/// What a letter with a link says.
struct LetterFacts {
    ports::Person person;
    QString publicUrl; ///< Where people reach the gateway.
    Secret token;
    WallTime expiresAt{};
};

/// Returns the letter that invites somebody. Its link holds the token behind a `#`: browsers send that to nobody,
/// so that it is in no log and no Referer.
[[nodiscard]] ports::Mail invitationLetter(const LetterFacts &facts);
/// Returns the letter for somebody who forgot their password.
[[nodiscard]] ports::Mail resetLetter(const LetterFacts &facts);

} // namespace delta::identity

#pragma once

#include "gateway/auth/pepper.h"
#include "gateway/ports/people.h"
#include "gateway/store/store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <QString>

#include <chrono>

namespace delta::identity {

/// What everything here works with.
struct IdentityParts {
    store::Store &store;
    ports::People &people;
    const auth::Pepper &pepper;
    const Clock &clock;
    Random &random;
};

/// For how long things are good.
struct IdentitySettings {
    std::chrono::minutes idle{30};            ///< A session that is not used.
    std::chrono::minutes absolute{12 * 60};   ///< A session.
    std::chrono::minutes recentProof{10};     ///< A password or a code, for what is dangerous.
    std::chrono::minutes invitation{72 * 60}; ///< The link of an invitation.
    std::chrono::minutes reset{60};           ///< The link that resets a password.
    QString
        publicUrl; ///< Where people reach the gateway, without a slash at its end; empty: links are not sent.
    QString issuer = QStringLiteral("DeltaLLM"); ///< What authenticator apps show.
};

/// Where somebody comes from.
struct Visitor {
    QString ip{};        ///< As the edge says, proxies that are trusted taken into account.
    QString userAgent{}; ///< As their browser says; for people.
    QString requestId{}; ///< For the audit log.
};

} // namespace delta::identity

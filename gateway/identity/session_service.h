#pragma once

#include "gateway/identity/identity_parts.h"
#include "gateway/ports/people.h"
#include "gateway/store/login_rows.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <vector>

namespace delta::identity {

/// A session as its browser is told of it.
struct OpenSession {
    store::SessionRow session;
    Secret token;         ///< For the cookie; exists only here.
    QByteArray csrfToken; ///< For the header x-csrf-token.
};

/// Whom a session belongs to that a request came with.
struct Caller {
    ports::Person person;
    store::SessionRow session;
    Visitor visitor;                 ///< Where this request comes from.
    bool mustChangePassword = false; ///< Nothing else is to be let through before.
};

/// Begins, knows and ends sessions. What several processes do to one holds for all of them at once: none keeps a
/// copy. Used on the thread of the store. Errors of all: StoreUnavailable, and what they say.
class SessionService
{
public:
    SessionService(const IdentityParts &parts, const IdentitySettings &settings)
        : m_parts(parts)
        , m_settings(settings)
    {
    }

    /// Begins a session for somebody who has just proven who they are.
    [[nodiscard]] Result<OpenSession> open(const ports::Person &person, const Visitor &visitor);
    /// Finds out whose session a token is, and notes that it was used. It is over if it was not used for too long, is
    /// too old, or its user is gone, blocked or of another role than when it began.
    /// Errors: `login_required`.
    [[nodiscard]] Result<Caller> identify(const Secret &token, const Visitor &visitor);
    /// Gives a session that has proven who it is another token; the one before opens nothing any more.
    /// Errors: `login_required` if it was ended meanwhile or has another token already.
    [[nodiscard]] Result<OpenSession> renew(store::SessionRow session);
    /// Notes that a session has proven again who it is.
    [[nodiscard]] Result<void> noteProof(const store::SessionRow &session);
    /// Ends a session of a user. Returns whether there was one.
    [[nodiscard]] Result<bool> end(const QString &sessionId, const QString &userId);
    /// Ends all sessions of a user but one; none if that is empty. Returns how many.
    [[nodiscard]] Result<int> endAll(const QString &userId, const QString &butId = {});
    /// Returns the sessions of a user that are not over, the one used last first.
    [[nodiscard]] Result<std::vector<store::SessionRow>> list(const QString &userId);
    /// Forgets sessions that are over for a month; looks once an hour.
    [[nodiscard]] Result<void> tidy();

    [[nodiscard]] QByteArray csrfTokenOf(const store::SessionRow &session) const;
    /// Errors: `csrf_token_invalid`.
    [[nodiscard]] Result<void> requireCsrf(const store::SessionRow &session,
                                           QByteArrayView given) const;
    /// Lets sessions pass that have lately proven who they are. Errors: `step_up_required`.
    [[nodiscard]] Result<void> requireRecentProof(const store::SessionRow &session) const;

private:
    [[nodiscard]] bool isOver(const store::SessionRow &session) const;
    [[nodiscard]] Result<ports::Person> ownerOf(const store::SessionRow &session);

    const IdentityParts m_parts;
    const IdentitySettings m_settings;
    WallTime m_tidiedAt{};
};

} // namespace delta::identity

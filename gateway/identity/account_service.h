#pragma once

#include "gateway/identity/attempt_brake.h"
#include "gateway/identity/identity_parts.h"
#include "gateway/identity/login_service.h"
#include "gateway/identity/password_desk.h"
#include "gateway/identity/second_factor.h"
#include "gateway/identity/session_service.h"
#include "gateway/ports/mailer.h"
#include "gateway/store/login_rows.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"
#include "shared/models/audit_event.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <optional>

namespace delta::identity {

/// What a link is for.
enum class LinkPurpose {
    Invitation, ///< Its holder chooses their first password.
    Reset,      ///< Its holder chooses another one.
};

/// A link that was made.
struct MadeLink {
    std::optional<Secret> token; ///< To be shown once; absent: it was mailed.
    WallTime expiresAt{};
};

/// A link that somebody followed, and the password they chose.
struct LinkUse {
    LinkPurpose purpose = LinkPurpose::Invitation;
    Secret token;
    Secret password;
    Visitor visitor{};
};

/// Whose login is to be changed, and who says so.
struct AccountOrder {
    QString userId{};
    AuditEvent by{}; ///< Who says so, and how they came.
};

/// Lets others in and out: invitations, resets of passwords, and what those may do who administer users. That they may
/// is for others to check. Used on the thread of the store. Errors of all: StoreUnavailable, and what they say.
class AccountService
{
public:
    /// All must outlive the service, and the service what is still brought home.
    struct Parts {
        IdentityParts ground;
        IdentitySettings settings;
        SessionService &sessions;
        SecondFactor &factor;
        PasswordDesk &passwords;
        PasswordDesk::Home home;         ///< Runs something on the thread of the store, later.
        ports::Mailer *mailer = nullptr; ///< Null: links are shown, not sent.
    };

    explicit AccountService(Parts parts);

    /// Makes a link for somebody who has no password yet; the one before is void.
    /// Errors: InvalidRequest naming `user_id` if they have a password; NotFound if there is no such user, as of all
    /// orders.
    [[nodiscard]] Result<MadeLink> invite(const AccountOrder &order);
    /// Takes a user's password away, ends their sessions, and makes a link with which they choose another one. Their
    /// second factor stays.
    [[nodiscard]] Result<MadeLink> resetPassword(const AccountOrder &order);
    /// Sends a link to somebody who says that they forgot their password. The answer is the same, and as fast, for
    /// those who are not known. Errors: RateLimited; Unsupported if this gateway sends no mail.
    [[nodiscard]] Result<void> requestReset(const QString &email, const Visitor &visitor);
    /// Returns whose password a link lets choose. Errors: `link_invalid`.
    [[nodiscard]] Result<ports::Person> holderOf(LinkPurpose purpose, const Secret &token);
    /// Gives the holder of a link the password they chose, and ends all their sessions. The link is void then.
    /// Errors: `link_invalid`; InvalidRequest naming `password`; RateLimited.
    void useLink(const LinkUse &use, Done<void> done);
    /// Gives a user a password that was hashed elsewhere and that they must change, unless they ever had one: for the
    /// first of all. Returns whether it did.
    [[nodiscard]] Result<bool> adoptPassword(const QString &userId, const QByteArray &hash);
    /// Takes a second factor away that somebody has lost, and ends their sessions. Returns whether there was one.
    [[nodiscard]] Result<bool> removeMfa(const AccountOrder &order);
    /// Ends all sessions of a user. Returns how many there were.
    [[nodiscard]] Result<int> endSessions(const AccountOrder &order);

private:
    [[nodiscard]] Result<ports::Person> personOf(const QString &userId);
    [[nodiscard]] Result<MadeLink> makeLink(const ports::Person &person, LinkPurpose purpose,
                                            const QString &by);
    /// Mails a link that is in the store, if this gateway sends mail and the letter can be sent.
    MadeLink delivered(MadeLink link, const ports::Person &person, LinkPurpose purpose);
    [[nodiscard]] bool canMail() const;
    [[nodiscard]] Result<void> sendReset(const QString &email, const Visitor &visitor);
    [[nodiscard]] Result<void> takeLink(const LinkUse &use, const QByteArray &hash);
    [[nodiscard]] QByteArray linkMac(LinkPurpose purpose, const Secret &token) const;

    const Parts m_parts;
    AttemptBrake m_places;  ///< By address, whoever it asks for.
    AttemptBrake m_letters; ///< By e-mail address: nobody's mailbox is to be filled.
};

} // namespace delta::identity

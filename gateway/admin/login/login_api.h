#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/login/session_gate.h"
#include "gateway/identity/account_service.h"
#include "gateway/identity/login_service.h"
#include "gateway/identity/session_service.h"

#include <QByteArrayList>

#include <vector>

namespace delta::admin {

/// The routes with which people log in and look after their own login: /ui/api/auth. On the thread that owns the
/// store; what takes long is answered later.
class LoginApi
{
public:
    /// Borrowed; outlives the API.
    struct Parts {
        identity::LoginService &logins;
        identity::AccountService &accounts;
        identity::SessionService &sessions;
        SessionGate &gate;
        identity::IdentitySettings settings;
        QByteArrayList origins; ///< See identity::requireOwnOrigin().
    };

    explicit LoginApi(Parts parts)
        : m_parts(std::move(parts))
    {
    }
    LoginApi(const LoginApi &) = delete;
    LoginApi &operator=(const LoginApi &) = delete;

    /// The handlers need the API to live.
    [[nodiscard]] std::vector<AdminRoute> routes();

private:
    void login(const AdminCall &call, const AnswerSink &sink);
    [[nodiscard]] Result<identity::LoginWish> wishOf(const AdminCall &call);
    [[nodiscard]] Answer answerOf(const identity::LoginOutcome &outcome) const;
    [[nodiscard]] Result<Answer> logout(const AdminCall &call);
    [[nodiscard]] Result<Answer> me(const AdminCall &call);
    void changePassword(const AdminCall &call, const AnswerSink &sink);
    void stepUp(const AdminCall &call, const AnswerSink &sink);
    [[nodiscard]] Result<Answer> startMfa(const AdminCall &call);
    [[nodiscard]] Result<Answer> confirmMfa(const AdminCall &call);
    [[nodiscard]] Result<Answer> disableMfa(const AdminCall &call);
    [[nodiscard]] Result<Answer> newRecoveryCodes(const AdminCall &call);
    [[nodiscard]] Result<Answer> listSessions(const AdminCall &call);
    [[nodiscard]] Result<Answer> endSession(const AdminCall &call);
    [[nodiscard]] Result<Answer> requestReset(const AdminCall &call);
    void useLink(const AdminCall &call, identity::LinkPurpose purpose, const AnswerSink &sink);
    [[nodiscard]] Result<Answer> showLink(const AdminCall &call, identity::LinkPurpose purpose);
    [[nodiscard]] Answer goesOn(const identity::OpenSession &session) const;

    Parts m_parts;
};

} // namespace delta::admin

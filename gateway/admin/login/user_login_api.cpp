#include "gateway/admin/login/user_login_api.h"

#include "gateway/admin/contract/change_record.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using identity::AccountOrder;
using identity::AccountService;

AccountOrder orderOf(const AdminCall &call)
{
    return {call.pathText(0), auditEventOf(call)};
}

/// The token is in the answer only where it was not mailed.
Answer linkAnswer(const identity::MadeLink &link)
{
    QJsonObject body{
        {"is_mailed"_L1, !link.token},
        {"expires_at"_L1,
         QDateTime::fromStdTimePoint(link.expiresAt).toUTC().toString(Qt::ISODateWithMs)}};
    if (link.token) {
        body["token"_L1] = QString::fromLatin1(link.token->reveal());
    }
    return jsonAnswer(body, 201);
}

} // namespace

std::vector<AdminRoute> userLoginRoutes(AccountService &accounts)
{
    const auto route = [](const QByteArray &verb, AdminHandler handler) {
        return AdminRoute{"POST"_ba, "/ui/api/users/{user_id}/" + verb, std::move(handler), {}};
    };
    return {
        route("invite",
              [&accounts](const AdminCall &call) {
                  return accounts.invite(orderOf(call)).transform(linkAnswer);
              }),
        route("reset-password",
              [&accounts](const AdminCall &call) {
                  return accounts.resetPassword(orderOf(call)).transform(linkAnswer);
              }),
        route("remove-mfa",
              [&accounts](const AdminCall &call) {
                  return accounts.removeMfa(orderOf(call)).transform([](bool wasThere) {
                      return jsonAnswer(QJsonObject{{"was_there"_L1, wasThere}});
                  });
              }),
        route("end-sessions",
              [&accounts](const AdminCall &call) {
                  return accounts.endSessions(orderOf(call)).transform([](int count) {
                      return jsonAnswer(QJsonObject{{"ended"_L1, count}});
                  });
              }),
    };
}

} // namespace delta::admin

#include "gateway/admin/login/login_api.h"

#include "gateway/admin/login/login_json.h"
#include "gateway/identity/origin_check.h"

#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using identity::LinkPurpose;

/// Hands on what came of something, as an answer.
template <typename T, typename Make>
identity::Done<T> answering(const AnswerSink &sink, Make make)
{
    return
        [sink, make = std::move(make)](const Result<T> &result) { sink(result.transform(make)); };
}

} // namespace

std::vector<AdminRoute> LoginApi::routes()
{
    const auto now = [this](QByteArray method, QByteArray path,
                            Result<Answer> (LoginApi::*handler)(const AdminCall &)) {
        return AdminRoute{std::move(method),
                          "/ui/api/auth/" + path,
                          [this, handler](const AdminCall &call) { return (this->*handler)(call); },
                          {}};
    };
    const auto later = [this](QByteArray path,
                              void (LoginApi::*handler)(const AdminCall &, const AnswerSink &)) {
        return AdminRoute{"POST"_ba,
                          "/ui/api/auth/" + path,
                          {},
                          [this, handler](const AdminCall &call, const AnswerSink &sink) {
                              (this->*handler)(call, sink);
                          }};
    };
    std::vector<AdminRoute> list{
        later("login", &LoginApi::login),
        now("POST", "logout", &LoginApi::logout),
        now("GET", "me", &LoginApi::me),
        later("password", &LoginApi::changePassword),
        later("step-up", &LoginApi::stepUp),
        now("POST", "mfa/start", &LoginApi::startMfa),
        now("POST", "mfa/confirm", &LoginApi::confirmMfa),
        now("POST", "mfa/disable", &LoginApi::disableMfa),
        now("POST", "mfa/recovery-codes", &LoginApi::newRecoveryCodes),
        now("GET", "sessions", &LoginApi::listSessions),
        now("DELETE", "sessions/{session_id}", &LoginApi::endSession),
        now("POST", "reset/request", &LoginApi::requestReset),
    };
    for (const auto &[path, purpose] : {std::pair("invitation/"_ba, LinkPurpose::Invitation),
                                        std::pair("reset/"_ba, LinkPurpose::Reset)}) {
        list.push_back({"POST"_ba,
                        "/ui/api/auth/" + path + "show",
                        [this, purpose](const AdminCall &call) { return showLink(call, purpose); },
                        {}});
        list.push_back({"POST"_ba,
                        "/ui/api/auth/" + path + "accept",
                        {},
                        [this, purpose](const AdminCall &call, const AnswerSink &sink) {
                            useLink(call, purpose, sink);
                        }});
    }
    return list;
}

Result<identity::LoginWish> LoginApi::wishOf(const AdminCall &call)
{
    TRY_VOID(identity::requireOwnOrigin(call.request, m_parts.origins));
    TRY_VOID(checkTexts(call.body, {"email"_L1, "password"_L1, "code"_L1}));
    TRY(const QString email, neededText(call.body, "email"_L1));
    TRY_VOID(neededText(call.body, "password"_L1));
    return identity::LoginWish{email, secretText(call.body, "password"_L1),
                               call.body.value("code"_L1).toString().toUtf8(),
                               visitorOf(call.request)};
}

Answer LoginApi::answerOf(const identity::LoginOutcome &outcome) const
{
    if (!outcome.session) {
        return jsonAnswer(QJsonObject{{"mfa_required"_L1, true}});
    }
    return withSession(
        jsonAnswer(QJsonObject{{"mfa_required"_L1, false},
                               {"must_change_password"_L1, outcome.mustChangePassword},
                               {"csrf_token"_L1, QString::fromLatin1(outcome.session->csrfToken)}}),
        *outcome.session, m_parts.settings);
}

void LoginApi::login(const AdminCall &call, const AnswerSink &sink)
{
    auto wish = wishOf(call);
    if (!wish) {
        sink(failure(wish.error()));
        return;
    }
    m_parts.logins.login(*std::move(wish),
                         answering<identity::LoginOutcome>(
                             sink, [this](const auto &outcome) { return answerOf(outcome); }));
}

Result<Answer> LoginApi::logout(const AdminCall &call)
{
    TRY(const identity::Caller caller, m_parts.gate.callerOf(call.request));
    TRY_VOID(m_parts.logins.logout(caller));
    return withoutSession(emptyAnswer());
}

Result<Answer> LoginApi::me(const AdminCall &call)
{
    TRY(const identity::Caller caller, m_parts.gate.callerOf(call.request));
    TRY(const identity::OwnLogin own, m_parts.logins.me(caller));
    const bool isFresh = m_parts.sessions.requireRecentProof(caller.session).has_value();
    return jsonAnswer(QJsonObject{
        {"user"_L1, personJson(caller.person)},
        {"session_id"_L1, caller.session.id},
        {"csrf_token"_L1, QString::fromLatin1(m_parts.sessions.csrfTokenOf(caller.session))},
        {"must_change_password"_L1, caller.mustChangePassword},
        {"is_fresh"_L1, isFresh},
        {"has_password"_L1, own.hasPassword},
        {"has_second_factor"_L1, own.hasSecondFactor},
        {"recovery_codes_left"_L1, own.recoveryCodesLeft}});
}

Answer LoginApi::goesOn(const identity::OpenSession &session) const
{
    return withSession(
        jsonAnswer(QJsonObject{{"csrf_token"_L1, QString::fromLatin1(session.csrfToken)}}), session,
        m_parts.settings);
}

void LoginApi::changePassword(const AdminCall &call, const AnswerSink &sink)
{
    const auto caller = checkTexts(call.body, {"current_password"_L1, "new_password"_L1})
                            .and_then([&] { return m_parts.gate.callerOf(call.request); });
    if (!caller) {
        sink(failure(caller.error()));
        return;
    }
    m_parts.logins.changePassword(
        *caller, {secretText(call.body, "current_password"_L1), {}},
        secretText(call.body, "new_password"_L1),
        answering<identity::OpenSession>(
            sink, [this](const identity::OpenSession &session) { return goesOn(session); }));
}

void LoginApi::stepUp(const AdminCall &call, const AnswerSink &sink)
{
    const auto caller = checkTexts(call.body, {"password"_L1, "code"_L1}).and_then([&] {
        return m_parts.gate.callerOf(call.request);
    });
    if (!caller) {
        sink(failure(caller.error()));
        return;
    }
    m_parts.logins.stepUp(
        *caller,
        {secretText(call.body, "password"_L1), call.body.value("code"_L1).toString().toUtf8()},
        answering<void>(sink, [] { return emptyAnswer(); }));
}

Result<Answer> LoginApi::startMfa(const AdminCall &call)
{
    TRY(const identity::Caller caller, m_parts.gate.callerOf(call.request));
    TRY(const identity::FactorOffer offer, m_parts.logins.startMfa(caller));
    return jsonAnswer(QJsonObject{{"secret"_L1, QString::fromLatin1(offer.seed.reveal())},
                                  {"otpauth_url"_L1, QString::fromLatin1(offer.url.reveal())}});
}

Result<Answer> LoginApi::confirmMfa(const AdminCall &call)
{
    TRY_VOID(checkTexts(call.body, {"code"_L1}));
    TRY(const QString code, neededText(call.body, "code"_L1));
    TRY(const identity::Caller caller, m_parts.gate.callerOf(call.request));
    TRY(const identity::FactorInForce made, m_parts.logins.confirmMfa(caller, code.toUtf8()));
    return withSession(
        jsonAnswer(QJsonObject{{"recovery_codes"_L1, secretsJson(made.recoveryCodes)},
                               {"csrf_token"_L1, QString::fromLatin1(made.session.csrfToken)}}),
        made.session, m_parts.settings);
}

Result<Answer> LoginApi::disableMfa(const AdminCall &call)
{
    TRY(const identity::Caller caller, m_parts.gate.callerOf(call.request));
    return m_parts.logins.disableMfa(caller).transform(
        [this](const identity::OpenSession &session) { return goesOn(session); });
}

Result<Answer> LoginApi::newRecoveryCodes(const AdminCall &call)
{
    TRY(const identity::Caller caller, m_parts.gate.callerOf(call.request));
    TRY(const std::vector<Secret> codes, m_parts.logins.newRecoveryCodes(caller));
    return jsonAnswer(QJsonObject{{"recovery_codes"_L1, secretsJson(codes)}});
}

Result<Answer> LoginApi::listSessions(const AdminCall &call)
{
    TRY(const identity::Caller caller, m_parts.gate.callerOf(call.request));
    TRY(const std::vector<store::SessionRow> sessions, m_parts.sessions.list(caller.person.id));
    return jsonAnswer(QJsonObject{{"items"_L1, sessionsJson(sessions, caller.session.id)}});
}

Result<Answer> LoginApi::endSession(const AdminCall &call)
{
    TRY(const identity::Caller caller, m_parts.gate.callerOf(call.request));
    TRY(const bool wasOpen, m_parts.logins.endSession(caller, call.pathText(0)));
    if (!wasOpen) {
        return failure(ApiError::notFound(u"There is no such session of yours."_s, u"session_id"_s,
                                          u"session_not_found"_s));
    }
    return call.pathText(0) == caller.session.id ? withoutSession(emptyAnswer()) : emptyAnswer();
}

Result<Answer> LoginApi::requestReset(const AdminCall &call)
{
    TRY_VOID(identity::requireOwnOrigin(call.request, m_parts.origins));
    TRY_VOID(checkTexts(call.body, {"email"_L1}));
    TRY(const QString email, neededText(call.body, "email"_L1));
    TRY_VOID(m_parts.accounts.requestReset(email, visitorOf(call.request)));
    return jsonAnswer(QJsonObject{{"requested"_L1, true}}, 202);
}

Result<Answer> LoginApi::showLink(const AdminCall &call, LinkPurpose purpose)
{
    TRY_VOID(identity::requireOwnOrigin(call.request, m_parts.origins));
    TRY_VOID(checkTexts(call.body, {"token"_L1}));
    TRY(const ports::Person person,
        m_parts.accounts.holderOf(purpose, secretText(call.body, "token"_L1)));
    return jsonAnswer(QJsonObject{{"email"_L1, person.email}, {"name"_L1, person.name}});
}

void LoginApi::useLink(const AdminCall &call, LinkPurpose purpose, const AnswerSink &sink)
{
    const auto allowed =
        identity::requireOwnOrigin(call.request, m_parts.origins).and_then([&call] {
            return checkTexts(call.body, {"token"_L1, "password"_L1});
        });
    if (!allowed) {
        sink(failure(allowed.error()));
        return;
    }
    m_parts.accounts.useLink({purpose, secretText(call.body, "token"_L1),
                              secretText(call.body, "password"_L1), visitorOf(call.request)},
                             answering<void>(sink, [] { return emptyAnswer(); }));
}

} // namespace delta::admin

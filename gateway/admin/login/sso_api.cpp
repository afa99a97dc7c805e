#include "gateway/admin/login/sso_api.h"

#include "gateway/admin/login/session_gate.h"
#include "gateway/identity/cookies.h"
#include "gateway/identity/secrets.h"
#include "gateway/identity/session_cookie.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QUrl>

#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

Q_LOGGING_CATEGORY(lcSso, "delta.sso")

constexpr char cookieName[] = "__Host-deltallm_sso";
constexpr QByteArrayView sealedFor = "sso|ticket";
/// For how long somebody may be at the provider.
constexpr std::chrono::seconds ticketLife = std::chrono::minutes(10);
constexpr auto afterLogin = "/ui/"_L1;

QByteArray cookieText(QByteArrayView value, std::chrono::seconds life)
{
    // Lax: the provider's page sends the browser back, and a stricter cookie would stay at home.
    return cookieName + ('=' + value.toByteArray()) + "; Path=/; Max-Age="
        + QByteArray::number(qint64(life.count())) + "; Secure; HttpOnly; SameSite=Lax";
}

/// Only a path of our own: a link to us must not lead anywhere else.
QString returnOf(const QString &text)
{
    constexpr qsizetype longest = 1024;
    const bool isPath = text.startsWith(u'/') && !text.startsWith("//"_L1) && !text.contains(u'\\')
        && text.size() <= longest;
    const bool isPlain = std::ranges::all_of(text, [](QChar c) { return c > u' ' && c < u'\x7f'; });
    return isPath && isPlain ? text : QString(afterLogin);
}

Answer redirect(const QByteArray &to)
{
    return {
        .status = 302, .headers = {{"location", to}, {"cache-control", "no-store"}}, .body = {}};
}

/// Sends a browser to a page of ours that says what went wrong.
Answer gaveUp(const QString &returnTo, const QString &code)
{
    const QChar mark = returnTo.contains(u'?') ? u'&' : u'?';
    Answer answer = redirect((returnTo + mark + u"sso_error="_s).toLatin1()
                             + QUrl::toPercentEncoding(code));
    answer.headers.emplace_back("set-cookie", cookieText({}, std::chrono::seconds(0)));
    return answer;
}

ApiError tooMany()
{
    return ApiError::overloaded(
        u"Too many people log in at this moment. Try again in a few seconds."_s,
        std::chrono::seconds(5));
}

QString valueOf(const AdminCall &call, const QString &name)
{
    return call.query.queryItemValue(name, QUrl::FullyDecoded);
}

} // namespace

std::vector<AdminRoute> SsoApi::routes()
{
    const auto later = [this](QByteArray path,
                              void (SsoApi::*handler)(const AdminCall &, const AnswerSink &)) {
        return AdminRoute{"GET"_ba,
                          std::move(path),
                          {},
                          [this, handler](const AdminCall &call, const AnswerSink &sink) {
                              (this->*handler)(call, sink);
                          }};
    };
    return {later("/ui/api/auth/oidc/start", &SsoApi::start),
            later("/ui/api/auth/oidc/callback", &SsoApi::callback)};
}

Result<QByteArray> SsoApi::cookieFor(const Ticket &ticket) const
{
    const auto ends = m_parts.clock.wall() + ticketLife;
    const QJsonObject json{{"state"_L1, ticket.attempt.state},
                           {"nonce"_L1, ticket.attempt.nonce},
                           {"verifier"_L1, ticket.attempt.verifier},
                           {"return_to"_L1, ticket.returnTo},
                           {"ends"_L1, qint64(ends.time_since_epoch().count())}};
    TRY(const QByteArray sealed,
        m_parts.sealer.seal(Secret(QJsonDocument(json).toJson(QJsonDocument::Compact)), sealedFor));
    return cookieText(
        sealed.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals),
        ticketLife);
}

std::optional<SsoApi::Ticket> SsoApi::ticketOf(const ports::HttpRequest &request) const
{
    const std::optional<QByteArray> cookie = identity::cookieOf(request, cookieName);
    const auto sealed = QByteArray::fromBase64Encoding(
        cookie.value_or(QByteArray()),
        QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals
            | QByteArray::AbortOnBase64DecodingErrors);
    const Result<Secret> opened = m_parts.sealer.open(sealed ? *sealed : QByteArray(), sealedFor);
    if (!opened) {
        return std::nullopt;
    }
    const QJsonObject json = QJsonDocument::fromJson(opened->reveal()).object();
    const WallTime ends(std::chrono::milliseconds(json.value("ends"_L1).toInteger()));
    if (ends <= m_parts.clock.wall()) {
        return std::nullopt;
    }
    return Ticket{{json.value("state"_L1).toString(), json.value("nonce"_L1).toString(),
                   json.value("verifier"_L1).toString()},
                  json.value("return_to"_L1).toString()};
}

void SsoApi::start(const AdminCall &call, const AnswerSink &sink)
{
    const Ticket ticket{auth::makeAttempt(m_parts.random), returnOf(valueOf(call, u"return_to"_s))};
    const bool hasRoom = m_parts.away([this, ticket, sink] {
        const Result<QByteArray> url = m_parts.provider.authorizeUrl(ticket.attempt);
        m_parts.home([this, ticket, sink, url] {
            sink(url.and_then([&](const QByteArray &to) {
                return cookieFor(ticket).transform([&to](const QByteArray &cookie) {
                    Answer answer = redirect(to);
                    answer.headers.emplace_back("set-cookie", cookie);
                    return answer;
                });
            }));
        });
    });
    if (!hasRoom) {
        sink(failure(tooMany()));
    }
}

void SsoApi::callback(const AdminCall &call, const AnswerSink &sink)
{
    const std::optional<Ticket> ticket = ticketOf(call.request);
    const QByteArray state = valueOf(call, u"state"_s).toUtf8();
    // Somebody may have sent the browser here with a code of their own, to have it log in as them.
    if (!ticket || !identity::isSameText(state, ticket->attempt.state.toUtf8())) {
        sink(gaveUp(afterLogin, u"state_mismatch"_s));
        return;
    }
    const QString code = valueOf(call, u"code"_s);
    if (code.isEmpty()) {
        const QString error = valueOf(call, u"error"_s);
        sink(gaveUp(ticket->returnTo, error.isEmpty() ? u"code_missing"_s : error.left(64)));
        return;
    }
    const bool hasRoom = m_parts.away(
        [this, sink, code, ticket = *ticket, visitor = visitorOf(call.request)] {
            const Result<auth::OidcIdentity> who = m_parts.provider.redeem(code, ticket.attempt);
            m_parts.home([this, sink, who, visitor, returnTo = ticket.returnTo] {
                sink(finished(who, visitor, returnTo));
            });
        });
    if (!hasRoom) {
        sink(gaveUp(ticket->returnTo, u"overloaded"_s));
    }
}

Answer SsoApi::finished(const Result<auth::OidcIdentity> &who, const identity::Visitor &visitor,
                        const QString &returnTo)
{
    const Result<identity::OpenSession> session = who.and_then(
        [&](const auth::OidcIdentity &identity) {
            return m_parts.service.welcome(identity, visitor);
        });
    if (!session) {
        const ApiError &error = session.error();
        qCWarning(lcSso, "request_id=%ls a login was not taken: %ls",
                  qUtf16Printable(visitor.requestId),
                  qUtf16Printable(error.detail.isEmpty() ? error.message : error.detail));
        return gaveUp(returnTo, error.code.isEmpty() ? u"unavailable"_s : error.code);
    }
    Answer answer = redirect(returnTo.toLatin1());
    answer.headers.emplace_back("set-cookie",
                                identity::sessionCookie(session->token, m_parts.settings.absolute,
                                                        identity::SameSite::Lax));
    answer.headers.emplace_back("set-cookie", cookieText({}, std::chrono::seconds(0)));
    return answer;
}

} // namespace delta::admin

#include "gateway/admin/login/login_json.h"

#include "gateway/identity/session_cookie.h"
#include "shared/core/quoted.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

QString timeText(WallTime time)
{
    return QDateTime::fromStdTimePoint(time).toUTC().toString(Qt::ISODateWithMs);
}

} // namespace

Result<void> checkTexts(const QJsonObject &body, std::initializer_list<QLatin1StringView> names)
{
    for (auto member = body.begin(); member != body.end(); ++member) {
        if (std::ranges::none_of(names, [&](auto name) { return member.key() == name; })) {
            return failure(ApiError::invalidRequest(
                u"%1 is no field of this request."_s.arg(quoted(member.key())),
                member.key().left(64)));
        }
        if (!member.value().isString()) {
            return failure(ApiError::invalidRequest(u"'%1' must be a text."_s.arg(member.key()),
                                                    member.key()));
        }
    }
    return {};
}

Result<QString> neededText(const QJsonObject &body, QLatin1StringView name)
{
    const QString text = body.value(name).toString();
    return text.isEmpty() ? failure(ApiError::invalidRequest(u"'%1' is missing."_s.arg(name), name))
                          : Result<QString>(text);
}

Secret secretText(const QJsonObject &body, QLatin1StringView name)
{
    return Secret(body.value(name).toString().toUtf8());
}

QJsonObject personJson(const ports::Person &person)
{
    return {{"user_id"_L1, person.id},
            {"email"_L1, person.email},
            {"name"_L1, person.name},
            {"role"_L1, person.role}};
}

QJsonArray sessionsJson(const std::vector<store::SessionRow> &sessions, const QString &currentId)
{
    QJsonArray list;
    for (const store::SessionRow &session : sessions) {
        list.append(QJsonObject{{"session_id"_L1, session.id},
                                {"ip"_L1, session.ip},
                                {"user_agent"_L1, session.userAgent},
                                {"created_at"_L1, timeText(session.createdAt)},
                                {"last_seen_at"_L1, timeText(session.lastSeenAt)},
                                {"is_current"_L1, session.id == currentId}});
    }
    return list;
}

QJsonArray secretsJson(const std::vector<Secret> &secrets)
{
    QJsonArray list;
    for (const Secret &secret : secrets) {
        list.append(QString::fromLatin1(secret.reveal()));
    }
    return list;
}

Answer withSession(Answer answer, const identity::OpenSession &session,
                   const identity::IdentitySettings &settings)
{
    answer.headers.emplace_back(
        "set-cookie"_ba,
        identity::sessionCookie(session.token, settings.absolute, identity::SameSite::Strict));
    return answer;
}

Answer withoutSession(Answer answer)
{
    answer.headers.emplace_back("set-cookie"_ba, identity::endedSessionCookie());
    return answer;
}

} // namespace delta::admin

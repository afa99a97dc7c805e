#include "gateway/admin/resources/bootstrap.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

/// Returns what the caller may do somewhere, by the names of the table of access.
QJsonArray permissionsOf(const Caller &caller)
{
    QJsonArray names;
    for (const EnumName<Permission> &each : enumNames(Permission())) {
        if (caller.mayAnywhere(each.value)) {
            names.append(QString(each.name));
        }
    }
    return names;
}

QJsonObject callerJson(const Caller &caller)
{
    QJsonArray organizations;
    for (const OrganizationPlace &place : caller.organizations) {
        organizations.append(QJsonObject{{"organization_id"_L1, place.organizationId},
                                         {"role"_L1, QString(enumName(place.role))}});
    }
    QJsonArray teams;
    for (const TeamPlace &place : caller.teams) {
        teams.append(
            QJsonObject{{"team_id"_L1, place.teamId}, {"role"_L1, QString(enumName(place.role))}});
    }
    return {
        {"kind"_L1, QString(enumName(caller.kind))}, {"id"_L1, textOrNull(caller.id)},
        {"name"_L1, textOrNull(caller.name)},        {"role"_L1, QString(enumName(caller.role))},
        {"organizations"_L1, organizations},         {"teams"_L1, teams},
        {"permissions"_L1, permissionsOf(caller)}};
}

QJsonValue ssoJson(const QString &provider)
{
    return provider.isEmpty() ? QJsonValue()
                              : QJsonValue(QJsonObject{{"provider"_L1, provider},
                                                       {"url"_L1, u"/ui/api/auth/oidc/start"_s}});
}

} // namespace

std::vector<AdminRoute> bootstrapRoutes(const QString &version, const QString &ssoProvider)
{
    const auto answer = [version, ssoProvider](const AdminCall &call) -> Result<Answer> {
        return jsonAnswer(
            QJsonObject{{"version"_L1, version},
                        {"time_zone"_L1, QString::fromUtf8(QTimeZone::systemTimeZoneId())},
                        {"sso"_L1, ssoJson(ssoProvider)},
                        {"caller"_L1, callerJson(call.caller)}});
    };
    return {{"GET"_ba, "/ui/api/bootstrap"_ba, answer}};
}

} // namespace delta::admin

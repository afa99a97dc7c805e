#include "gateway/admin/scim/scim_user_json.h"

#include "gateway/admin/scim/scim_error.h"
#include "gateway/admin/scim/scim_reply.h"
#include "gateway/admin/scim/scim_schema.h"
#include "shared/models/text_rules.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QStringList>

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

constexpr qsizetype mostBytes = 32 << 10;

/// The primary address, else the first, else the name of the user if it is one.
QString emailOf(const QJsonObject &resource, const QString &userName)
{
    QString found;
    for (const QJsonValue each : resource.value("emails"_L1).toArray()) {
        const QString address = each["value"_L1].toString();
        if (each["primary"_L1].toBool() && !address.isEmpty()) {
            return address;
        }
        found = found.isEmpty() ? address : found;
    }
    return found.isEmpty() && userName.contains(u'@') ? userName : found;
}

/// What the directory says people read, else the parts of the name, else what it calls the user.
QString nameOf(const QJsonObject &resource, const QString &userName)
{
    const QJsonValue name = resource.value("name"_L1);
    const QStringList parts{name["givenName"_L1].toString(), name["familyName"_L1].toString()};
    for (const QString &each : {resource.value("displayName"_L1).toString(),
                                name["formatted"_L1].toString(), parts.join(u' ')}) {
        if (const QString text = each.simplified(); !text.isEmpty()) {
            return text;
        }
    }
    return userName;
}

} // namespace

Result<UserWish> readUser(QJsonObject resource)
{
    UserWish wish;
    wish.facts.userName = resource.take("userName"_L1).toString().trimmed();
    wish.facts.externalId = resource.take("externalId"_L1).toString();
    wish.isActive = resource.take("active"_L1).toBool(true);
    TRY_VOID(checkRequired(wish.facts.userName, u"userName"_s));
    TRY_VOID(checkText(wish.facts.externalId, u"externalId"_s));
    wish.email = emailOf(resource, wish.facts.userName).trimmed().toLower();
    TRY_VOID(checkEmail(wish.email, u"emails"_s));
    wish.name = nameOf(resource, wish.facts.userName);
    TRY_VOID(checkText(wish.name, u"displayName"_s));
    const qsizetype bytes = QJsonDocument(resource).toJson(QJsonDocument::Compact).size();
    if (bytes > mostBytes) {
        return failure(scimError(
            invalidValue,
            u"A user may have %1 bytes of attributes; it has %2."_s.arg(mostBytes).arg(bytes)));
    }
    wish.facts.attributes = std::move(resource);
    return wish;
}

QJsonObject settableJson(const store::ScimUser &user)
{
    QJsonObject json = user.facts.attributes;
    json.insert("userName"_L1, user.facts.userName);
    if (!user.facts.externalId.isEmpty()) {
        json.insert("externalId"_L1, user.facts.externalId);
    }
    json.insert("active"_L1, !user.user.block.isBlocked);
    return json;
}

QJsonObject userJson(const store::ScimUser &user, const std::vector<store::ScimGroup> &groups)
{
    const ResourceType &type = userType();
    QJsonObject json = settableJson(user);
    QJsonArray schemas{QString(type.schema.id)};
    if (json.contains(type.extension->id)) {
        schemas.append(QString(type.extension->id));
    }
    json.insert("schemas"_L1, schemas);
    json.insert("id"_L1, user.user.id);
    json.insert("meta"_L1, metaOf(type, user.user.id, user.user.stamp));
    QJsonArray list;
    for (const store::ScimGroup &group : groups) {
        list.append(QJsonObject{{"value"_L1, group.id},
                                {"$ref"_L1, locationOf(groupType(), group.id)},
                                {"display"_L1, group.displayName},
                                {"type"_L1, u"direct"_s}});
    }
    if (!list.isEmpty()) {
        json.insert("groups"_L1, list);
    }
    return json;
}

} // namespace delta::admin::scim

#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <QStringList>

/// \file Bodies as directories send them.

namespace delta::admin::scim::test {

/// Reads JSON that a test has written.
inline QJsonObject json(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

/// A user with a name, and members of JSON besides.
inline QByteArray userBody(const QByteArray &name, const QByteArray &more = {})
{
    return R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":")" + name + '"'
        + (more.isEmpty() ? QByteArray() : ',' + more) + '}';
}

/// A group likewise.
inline QByteArray groupBody(const QByteArray &name, const QByteArray &more = {})
{
    return R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":")" + name
        + '"' + (more.isEmpty() ? QByteArray() : ',' + more) + '}';
}

/// The member that says who is in a group.
inline QByteArray members(const QStringList &ids)
{
    QByteArrayList list;
    for (const QString &id : ids) {
        list.append(R"({"value":")" + id.toLatin1() + R"("})");
    }
    return R"("members":[)" + list.join(',') + ']';
}

/// A patch with these operations.
inline QByteArray patchBody(const QByteArray &operations)
{
    return R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":)"
        + operations + '}';
}

/// A user of RFC 7643, as they are shown.
inline QJsonObject barbara()
{
    return json(R"({
        "id": "user-1", "userName": "BJensen@Example.com", "externalId": "701984", "active": true,
        "title": "Tour Guide", "name": {"familyName": "O'Malley", "givenName": "Barbara"},
        "emails": [{"value": "bjensen@example.com", "type": "work", "primary": true},
                   {"value": "babs@jensen.org", "type": "home"}],
        "meta": {"lastModified": "2026-05-13T04:42:34.000Z", "resourceType": "User"},
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Tours"}})");
}

/// The same, as what a directory may set.
inline QByteArray babs()
{
    return R"({"userName": "bjensen", "displayName": "Babs", "active": true,
        "name": {"givenName": "Barbara", "familyName": "Jensen"},
        "emails": [{"value": "b@example.com", "type": "work", "primary": true},
                   {"value": "b@home.org", "type": "home"}]})";
}

} // namespace delta::admin::scim::test

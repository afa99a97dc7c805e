#include "gateway/admin/scim/scim_patch.h"

#include "gateway/admin/scim/scim_error.h"
#include "gateway/admin/scim/scim_list_patch.h"
#include "gateway/admin/scim/scim_values.h"
#include "shared/core/quoted.h"

#include <QJsonArray>
#include <QString>

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

const QString patchSchema = u"urn:ietf:params:scim:api:messages:2.0:PatchOp"_s;

void put(QJsonObject &object, QLatin1StringView name, const QJsonValue &value)
{
    if (value.isUndefined() || (value.isObject() && value.toObject().isEmpty())
        || (value.isArray() && value.toArray().isEmpty())) {
        object.remove(name);
    } else {
        object.insert(name, value);
    }
}

QJsonObject merged(QJsonObject object, const QJsonObject &more)
{
    for (auto member = more.begin(); member != more.end(); ++member) {
        object.insert(member.key(), member.value());
    }
    return object;
}

bool isReadOnly(const Target &target)
{
    const auto is = [](const Attribute *attribute) {
        return attribute && attribute->mutability == Mutability::ReadOnly;
    };
    return is(target.attribute) || is(target.part);
}

/// Changes what is no list.
Result<void> changeSingle(const Change &change, QJsonObject &base)
{
    const Attribute &attribute = *change.path.target.attribute;
    const Attribute *const part = change.path.target.part;
    if (!part) {
        QJsonValue value(QJsonValue::Undefined);
        if (change.verb != Verb::Remove) {
            TRY(value, readValue(attribute, change.value, attribute.name));
        }
        const bool isMerged = attribute.type == Type::Complex && value.isObject();
        put(base, attribute.name,
            isMerged ? merged(base.value(attribute.name).toObject(), value.toObject()) : value);
        return {};
    }
    QJsonObject whole = base.value(attribute.name).toObject();
    QJsonValue value(QJsonValue::Undefined);
    if (change.verb != Verb::Remove) {
        TRY(value, readValue(*part, change.value, attribute.name + u'.' + part->name));
    }
    put(whole, part->name, value);
    put(base, attribute.name, whole);
    return {};
}

Result<void> changeAt(const Change &change, QJsonObject &resource)
{
    const Target &target = change.path.target;
    if (isReadOnly(target)) {
        return failure(
            scimError(mutability, u"'path' names what only the gateway sets."_s, u"path"_s));
    }
    QJsonObject base = target.extension ? resource.value(target.extension->id).toObject()
                                        : resource;
    if (!target.attribute) {
        if (change.verb == Verb::Remove) {
            base = {};
        } else {
            TRY(const QJsonObject more,
                readAttributes(target.extension->attributes, change.value.toObject(),
                               target.extension->id));
            base = merged(base, more);
        }
    } else if (target.attribute->isMulti) {
        TRY_VOID(changeList(change, base));
    } else {
        TRY_VOID(changeSingle(change, base));
    }
    if (target.extension) {
        put(resource, target.extension->id, base);
    } else {
        resource = base;
    }
    return {};
}

/// Names that nobody knows are left out, as in a whole resource, and so is what only the gateway sets.
Result<void> changeEach(const ResourceType &type, Verb verb, const QJsonValue &value,
                        QJsonObject &resource)
{
    if (verb == Verb::Remove) {
        return failure(scimError(noTarget, u"'path' must say what is to be removed."_s, u"path"_s));
    }
    if (!value.isObject()) {
        return failure(scimError(
            invalidValue, u"'value' must be an object where there is no 'path'."_s, u"value"_s));
    }
    const QJsonObject object = value.toObject();
    for (auto member = object.begin(); member != object.end(); ++member) {
        auto path = parsePath(type, member.key());
        if (!path && member.key().contains(u'[')) {
            return std::unexpected(std::move(path).error());
        }
        if (path && !isReadOnly(path->target)) {
            TRY_VOID(changeAt({verb, *path, member.value()}, resource));
        }
    }
    return {};
}

Result<Verb> readVerb(const QJsonValue &value)
{
    const QString text = value.toString().toLower();
    if (text == "add"_L1) {
        return Verb::Add;
    }
    if (text == "replace"_L1) {
        return Verb::Replace;
    }
    if (text == "remove"_L1) {
        return Verb::Remove;
    }
    return failure(scimError(invalidSyntax,
                             u"'op' must be add, replace or remove; it is %1."_s.arg(quoted(text)),
                             u"op"_s));
}

Result<void> apply(const ResourceType &type, const QJsonValue &operation, QJsonObject &resource)
{
    if (!operation.isObject()) {
        return failure(
            scimError(invalidSyntax, u"'Operations' must hold objects."_s, u"Operations"_s));
    }
    const QJsonObject object = operation.toObject();
    TRY(const Verb verb, readVerb(memberOf(object, u"op")));
    const QJsonValue path = memberOf(object, u"path");
    const QJsonValue value = memberOf(object, u"value");
    if (path.isUndefined() || path.isNull()) {
        return changeEach(type, verb, value, resource);
    }
    if (!path.isString()) {
        return failure(scimError(invalidPath, u"'path' must be a text."_s, u"path"_s));
    }
    if (value.isUndefined() && verb != Verb::Remove) {
        return failure(scimError(invalidValue, u"'value' is missing."_s, u"value"_s));
    }
    TRY(const Path place, parsePath(type, path.toString()));
    return changeAt({verb, place, value}, resource);
}

} // namespace

Result<QJsonObject> applyPatch(const ResourceType &type, QJsonObject resource,
                               const QJsonObject &body)
{
    const QJsonValue operations = memberOf(body, u"Operations");
    if (!memberOf(body, u"schemas").toArray().contains(patchSchema)) {
        return failure(scimError(invalidSyntax,
                                 u"'schemas' must be a list with '%1'."_s.arg(patchSchema),
                                 u"schemas"_s));
    }
    if (!operations.isArray() || operations.toArray().isEmpty()
        || operations.toArray().size() > mostOperations) {
        return failure(scimError(invalidSyntax,
                                 u"'Operations' must be a list of 1 to %1."_s.arg(mostOperations),
                                 u"Operations"_s));
    }
    for (const QJsonValue operation : operations.toArray()) {
        TRY_VOID(apply(type, operation, resource));
    }
    return resource;
}

} // namespace delta::admin::scim

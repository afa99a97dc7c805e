#include "gateway/admin/scim/scim_values.h"

#include "gateway/admin/scim/scim_error.h"
#include "shared/models/text_rules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

constexpr qsizetype longestReference = 2'000;

std::unexpected<ApiError> wrong(const QString &path, const QString &rule)
{
    return failure(scimError(invalidValue, u"'%1' %2."_s.arg(path, rule), path));
}

QString joined(const QString &path, QLatin1StringView name)
{
    return path.isEmpty() ? QString(name) : path + u'.' + name;
}

Result<QJsonValue> readBoolean(const QJsonValue &value, const QString &path)
{
    const QString text = value.toString().toLower();
    if (value.isBool()) {
        return value;
    }
    if (text == "true"_L1 || text == "false"_L1) {
        return text == "true"_L1;
    }
    return wrong(path, u"must be true or false"_s);
}

Result<QJsonValue> readText(const Attribute &attribute, const QJsonValue &value,
                            const QString &path)
{
    if (!value.isString()) {
        return wrong(path, u"must be a text"_s);
    }
    const QString text = value.toString();
    TRY_VOID(attribute.type == Type::Reference ? checkText(text, path, longestReference)
                                               : checkProse(text, path));
    return text.isEmpty() ? QJsonValue(QJsonValue::Undefined) : value;
}

Result<QJsonValue> readComplex(const Attribute &attribute, const QJsonValue &value,
                               const QString &path)
{
    QJsonObject object = value.toObject();
    if (value.isString() && find(attribute.parts, u"value")) {
        object = {{"value"_L1, value}};
    } else if (!value.isObject()) {
        return wrong(path, u"must be an object"_s);
    }
    TRY(const QJsonObject read, readAttributes(attribute.parts, object, path));
    return read.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(read);
}

/// Returns what stands in a list of one object around a plain value; the value itself if it is in none.
QJsonValue unwrapped(const QJsonValue &value)
{
    const QJsonArray array = value.toArray();
    if (array.size() != 1) {
        return value;
    }
    return array.first().isObject() ? memberOf(array.first().toObject(), u"value") : array.first();
}

Result<QJsonValue> readList(const Attribute &attribute, const QJsonValue &value,
                            const QString &path)
{
    if (!value.isArray() && !value.isObject()) {
        return wrong(path, u"must be a list"_s);
    }
    QJsonArray list;
    const QJsonArray given = value.isArray() ? value.toArray() : QJsonArray{value};
    for (qsizetype i = 0; i < given.size(); ++i) {
        TRY(const QJsonValue element,
            readElement(attribute, given.at(i), u"%1[%2]"_s.arg(path).arg(i)));
        if (!element.isUndefined()) {
            list.append(element);
        }
    }
    TRY_VOID(checkList(attribute, list, path));
    return list.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(list);
}

Result<void> checkSchemas(const ResourceType &type, const QJsonObject &body)
{
    const QJsonArray schemas = memberOf(body, u"schemas").toArray();
    const bool isNamed = std::ranges::any_of(schemas, [&type](const QJsonValue &each) {
        return each.toString().compare(type.schema.id, Qt::CaseInsensitive) == 0;
    });
    return isNamed ? Result<void>()
                   : wrong(u"schemas"_s, u"must be a list with '%1'"_s.arg(type.schema.id));
}

} // namespace

QJsonValue memberOf(const QJsonObject &object, QStringView name)
{
    for (auto member = object.begin(); member != object.end(); ++member) {
        if (name.compare(member.key(), Qt::CaseInsensitive) == 0) {
            return member.value();
        }
    }
    return QJsonValue(QJsonValue::Undefined);
}

Result<void> checkList(const Attribute &attribute, const QJsonArray &values, const QString &path)
{
    const bool hasPrimary = find(attribute.parts, u"primary") != nullptr;
    const qsizetype most = hasPrimary ? mostValues : mostMembers;
    if (values.size() > most) {
        return wrong(path, u"may have at most %1 values"_s.arg(most));
    }
    const auto primaries = std::ranges::count_if(
        values, [](const QJsonValue &each) { return each["primary"_L1].toBool(); });
    return primaries > 1 ? wrong(path, u"may have one primary value"_s) : Result<void>();
}

Result<QJsonValue> readElement(const Attribute &attribute, const QJsonValue &value,
                               const QString &path)
{
    if (value.isNull() || value.isUndefined()) {
        return QJsonValue(QJsonValue::Undefined);
    }
    return readComplex(attribute, value, path);
}

Result<QJsonValue> readValue(const Attribute &attribute, const QJsonValue &value,
                             const QString &path)
{
    if (value.isNull() || value.isUndefined()) {
        return QJsonValue(QJsonValue::Undefined);
    }
    if (attribute.isMulti) {
        return readList(attribute, value, path);
    }
    if (attribute.type == Type::Complex) {
        return readComplex(attribute, value.isArray() ? value.toArray().first() : value, path);
    }
    const QJsonValue plain = unwrapped(value);
    return attribute.type == Type::Boolean ? readBoolean(plain, path)
                                           : readText(attribute, plain, path);
}

Result<QJsonObject> readAttributes(std::span<const Attribute> attributes, const QJsonObject &object,
                                   const QString &path)
{
    QJsonObject read;
    for (auto member = object.begin(); member != object.end(); ++member) {
        const Attribute *const attribute = find(attributes, member.key());
        if (!attribute || attribute->mutability == Mutability::ReadOnly) {
            continue;
        }
        const QString name = joined(path, attribute->name);
        if (read.contains(attribute->name)) {
            return wrong(name, u"is there twice"_s);
        }
        TRY(const QJsonValue value, readValue(*attribute, member.value(), name));
        if (!value.isUndefined()) {
            read.insert(attribute->name, value);
        }
    }
    return read;
}

Result<QJsonObject> readResource(const ResourceType &type, const QJsonObject &body)
{
    TRY_VOID(checkSchemas(type, body));
    TRY(QJsonObject resource, readAttributes(type.schema.attributes, body, {}));
    const Attribute &externalId = *find(type, u"externalId");
    TRY(const QJsonValue id, readValue(externalId, memberOf(body, u"externalId"), externalId.name));
    if (!id.isUndefined()) {
        resource.insert(externalId.name, id);
    }
    if (type.extension) {
        const QString urn = type.extension->id;
        const QJsonValue given = memberOf(body, urn);
        if (!given.isUndefined() && !given.isNull() && !given.isObject()) {
            return wrong(urn, u"must be an object"_s);
        }
        TRY(const QJsonObject more,
            readAttributes(type.extension->attributes, given.toObject(), urn));
        if (!more.isEmpty()) {
            resource.insert(urn, more);
        }
    }
    return resource;
}

} // namespace delta::admin::scim

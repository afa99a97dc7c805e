#include "tests/fuzz/schema_check.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace delta::fuzz {

using namespace Qt::StringLiterals;

namespace {

bool isOfType(const QJsonValue &value, const QString &type)
{
    return (type == "object"_L1 && value.isObject()) || (type == "array"_L1 && value.isArray())
        || (type == "string"_L1 && value.isString()) || (type == "boolean"_L1 && value.isBool())
        || (type == "number"_L1 && value.isDouble()) || (type == "null"_L1 && value.isNull())
        || (type == "integer"_L1 && value.isDouble()
            && std::floor(value.toDouble()) == value.toDouble());
}

bool isOfTypes(const QJsonValue &value, const QJsonValue &types)
{
    if (types.isArray()) {
        return std::ranges::any_of(types.toArray(), [&value](const QJsonValue &type) {
            return isOfType(value, type.toString());
        });
    }
    return types.isUndefined() || isOfType(value, types.toString());
}

/// Returns the rule that a plain value breaks.
QString brokenRule(const QJsonValue &value, const QJsonObject &schema)
{
    if (!isOfTypes(value, schema["type"_L1])) {
        return u"type"_s;
    }
    if (schema.contains("enum"_L1) && !schema["enum"_L1].toArray().contains(value)) {
        return u"enum"_s;
    }
    const auto isMore = [&schema](double size, QLatin1StringView rule) {
        return schema.contains(rule) && size > schema[rule].toDouble();
    };
    const auto isLess = [&schema](double size, QLatin1StringView rule) {
        return schema.contains(rule) && size < schema[rule].toDouble();
    };
    if (value.isString() && isMore(double(value.toString().size()), "maxLength"_L1)) {
        return u"maxLength"_s;
    }
    if (value.isArray() && isMore(double(value.toArray().size()), "maxItems"_L1)) {
        return u"maxItems"_s;
    }
    if (value.isDouble() && isMore(value.toDouble(), "maximum"_L1)) {
        return u"maximum"_s;
    }
    return value.isDouble() && isLess(value.toDouble(), "minimum"_L1) ? u"minimum"_s : QString();
}

} // namespace

QJsonObject SchemaCheck::resolved(const QJsonObject &schema) const
{
    const QString reference = schema["$ref"_L1].toString();
    if (reference.isEmpty()) {
        return schema;
    }
    QJsonValue found = m_description;
    for (const QString &name : reference.split(u'/').sliced(1)) {
        found = found.toObject()[name];
    }
    return resolved(found.toObject());
}

/// Makes one schema of several that all hold.
QJsonObject SchemaCheck::merged(const QJsonObject &schema) const
{
    QJsonObject whole = resolved(schema);
    const QJsonArray all = whole.take("allOf"_L1).toArray();
    QJsonObject properties = whole["properties"_L1].toObject();
    for (const QJsonValue &each : all) {
        const QJsonObject part = merged(each.toObject());
        const QJsonObject further = part["properties"_L1].toObject();
        for (auto property = further.begin(); property != further.end(); ++property) {
            properties.insert(property.key(), property.value());
        }
        whole.insert(u"type"_s, u"object"_s);
    }
    if (!properties.isEmpty()) {
        whole.insert(u"properties"_s, properties);
    }
    return whole;
}

QString SchemaCheck::faultIn(const QJsonValue &value, QJsonObject schema,
                             const QString &place) const
{
    schema = merged(schema);
    if (value.isNull()) {
        return {};
    }
    if (const QJsonArray choices = schema["oneOf"_L1].toArray(); !choices.isEmpty()) {
        const bool fits = std::ranges::any_of(choices, [&](const QJsonValue &choice) {
            return faultIn(value, choice.toObject(), place).isEmpty();
        });
        return fits ? QString() : place + u": oneOf"_s;
    }
    if (const QString rule = brokenRule(value, schema); !rule.isEmpty()) {
        return place + u": "_s + rule;
    }
    if (value.isArray() && schema.contains("items"_L1)) {
        for (const QJsonValue &item : value.toArray()) {
            if (const QString fault = faultIn(item, schema["items"_L1].toObject(), place + u"[]"_s);
                !fault.isEmpty()) {
                return fault;
            }
        }
    }
    return value.isObject() ? faultInObject(value.toObject(), schema, place) : QString();
}

/// An object of which no member is described may have any, such as the notes of a client.
QString SchemaCheck::faultInObject(const QJsonObject &object, const QJsonObject &schema,
                                   const QString &place) const
{
    const QJsonObject properties = schema["properties"_L1].toObject();
    const QJsonValue others = schema["additionalProperties"_L1];
    for (auto member = object.begin(); member != object.end(); ++member) {
        const QString here = place + u'.' + member.key();
        const QJsonObject known = properties[member.key()].toObject();
        if (!properties.contains(member.key())) {
            const bool isOpen = properties.isEmpty() || others.toBool();
            const QString fault = others.isObject()
                ? faultIn(member.value(), others.toObject(), here)
                : isOpen ? QString()
                         : here + u": unknown"_s;
            if (!fault.isEmpty()) {
                return fault;
            }
        } else if (merged(known)["readOnly"_L1].toBool()) {
            return here + u": readOnly"_s;
        } else if (const QString fault = faultIn(member.value(), known, here); !fault.isEmpty()) {
            return fault;
        }
    }
    return {};
}

QString SchemaCheck::faultOf(const QString &method, const QString &path,
                             const QJsonObject &body) const
{
    const QJsonObject operation = m_description["paths"_L1][path][method.toLower()].toObject();
    const QJsonValue content = operation["requestBody"_L1]["content"_L1]["application/json"_L1];
    if (content.isUndefined()) {
        return body.isEmpty() ? QString() : u"a body that is not described"_s;
    }
    return faultIn(body, content["schema"_L1].toObject(), path);
}

} // namespace delta::fuzz

#include "gateway/admin/scim/scim_description.h"

#include "gateway/admin/scim/scim_list.h"
#include "gateway/admin/scim/scim_patch.h"
#include "gateway/admin/scim/scim_reply.h"
#include "gateway/admin/scim/scim_schema.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

QJsonObject config()
{
    const QJsonObject no{{"supported"_L1, false}};
    const QJsonObject yes{{"supported"_L1, true}};
    const QJsonObject token{{"type"_L1, u"oauthbearertoken"_s},
                            {"name"_L1, u"Bearer token"_s},
                            {"description"_L1, u"A token of general_settings.scim_tokens."_s},
                            {"specUri"_L1, u"https://www.rfc-editor.org/info/rfc6750"_s},
                            {"primary"_L1, true}};
    return {
        {"schemas"_L1,
         QJsonArray{u"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"_s}},
        {"patch"_L1, yes},
        {"bulk"_L1,
         QJsonObject{{"supported"_L1, false}, {"maxOperations"_L1, 0}, {"maxPayloadSize"_L1, 0}}},
        {"filter"_L1, QJsonObject{{"supported"_L1, true}, {"maxResults"_L1, mostResults}}},
        {"changePassword"_L1, no},
        {"sort"_L1, no},
        {"etag"_L1, yes},
        {"authenticationSchemes"_L1, QJsonArray{token}},
        {"meta"_L1,
         QJsonObject{{"resourceType"_L1, u"ServiceProviderConfig"_s},
                     {"location"_L1, u"/scim/v2/ServiceProviderConfig"_s}}}};
}

QLatin1StringView typeName(Type type)
{
    switch (type) {
    case Type::Boolean:
        return "boolean"_L1;
    case Type::DateTime:
        return "dateTime"_L1;
    case Type::Reference:
        return "reference"_L1;
    case Type::Complex:
        return "complex"_L1;
    case Type::Text:
        break;
    }
    return "string"_L1;
}

QLatin1StringView mutabilityName(Mutability mutability)
{
    switch (mutability) {
    case Mutability::ReadOnly:
        return "readOnly"_L1;
    case Mutability::Immutable:
        return "immutable"_L1;
    case Mutability::ReadWrite:
        break;
    }
    return "readWrite"_L1;
}

QJsonArray attributesJson(std::span<const Attribute> attributes)
{
    QJsonArray list;
    for (const Attribute &each : attributes) {
        QJsonObject json{{"name"_L1, QString(each.name)},
                         {"type"_L1, QString(typeName(each.type))},
                         {"multiValued"_L1, each.isMulti},
                         {"description"_L1, QString(each.meaning)},
                         {"required"_L1, each.isRequired},
                         {"mutability"_L1, QString(mutabilityName(each.mutability))},
                         {"returned"_L1, u"default"_s}};
        if (each.type == Type::Complex) {
            json.insert("subAttributes"_L1, attributesJson(each.parts));
        } else {
            json.insert("caseExact"_L1, each.letterCase == Case::Exact);
            json.insert("uniqueness"_L1, each.isUnique ? u"server"_s : u"none"_s);
        }
        if (each.type == Type::Reference) {
            json.insert(
                "referenceTypes"_L1,
                QJsonArray{each.referenced.isEmpty() ? u"external"_s : QString(each.referenced)});
        }
        QJsonArray usual;
        for (const QLatin1StringView suggestion : each.suggestions) {
            usual.append(QString(suggestion));
        }
        if (!usual.isEmpty()) {
            json.insert("canonicalValues"_L1, usual);
        }
        list.append(json);
    }
    return list;
}

QJsonObject schemaJson(const Schema &schema)
{
    return {{"schemas"_L1, QJsonArray{u"urn:ietf:params:scim:schemas:core:2.0:Schema"_s}},
            {"id"_L1, QString(schema.id)},
            {"name"_L1, QString(schema.name)},
            {"description"_L1, QString(schema.meaning)},
            {"attributes"_L1, attributesJson(schema.attributes)},
            {"meta"_L1,
             QJsonObject{{"resourceType"_L1, u"Schema"_s},
                         {"location"_L1, u"/scim/v2/Schemas/"_s + schema.id}}}};
}

QJsonObject typeJson(const ResourceType &type)
{
    QJsonArray extensions;
    if (type.extension) {
        extensions.append(
            QJsonObject{{"schema"_L1, QString(type.extension->id)}, {"required"_L1, false}});
    }
    return {{"schemas"_L1, QJsonArray{u"urn:ietf:params:scim:schemas:core:2.0:ResourceType"_s}},
            {"id"_L1, QString(type.name)},
            {"name"_L1, QString(type.name)},
            {"description"_L1, QString(type.schema.meaning)},
            {"endpoint"_L1, QString(type.endpoint)},
            {"schema"_L1, QString(type.schema.id)},
            {"schemaExtensions"_L1, extensions},
            {"meta"_L1,
             QJsonObject{{"resourceType"_L1, u"ResourceType"_s},
                         {"location"_L1, u"/scim/v2/ResourceTypes/"_s + type.name}}}};
}

QJsonArray allTypes()
{
    return {typeJson(userType()), typeJson(groupType())};
}

QJsonArray allSchemas()
{
    return {schemaJson(userType().schema), schemaJson(groupType().schema),
            schemaJson(*userType().extension)};
}

/// These lists are short, and cannot be filtered. Source: RFC 7644 §4.
Result<Answer> wholeList(const AdminCall &call, const QJsonArray &all)
{
    if (call.query.hasQueryItem(u"filter"_s)) {
        return failure(ApiError::permissionDenied(u"This list cannot be filtered."_s));
    }
    return listAnswer(all.size(), 1, all);
}

Result<Answer> oneOf(const AdminCall &call, const QJsonArray &all)
{
    for (const QJsonValue each : all) {
        if (each["id"_L1].toString() == call.pathText(0)) {
            return scimAnswer(each.toObject());
        }
    }
    return failure(ApiError::notFound(u"There is no such schema or type of resources."_s, u"id"_s,
                                      u"not_found"_s));
}

} // namespace

std::vector<AdminRoute> scimDescriptionRoutes()
{
    return {{"GET", "/scim/v2/ServiceProviderConfig",
             [](const AdminCall &) -> Result<Answer> { return scimAnswer(config()); }},
            {"GET", "/scim/v2/ResourceTypes",
             [](const AdminCall &call) { return wholeList(call, allTypes()); }},
            {"GET", "/scim/v2/ResourceTypes/{name}",
             [](const AdminCall &call) { return oneOf(call, allTypes()); }},
            {"GET", "/scim/v2/Schemas",
             [](const AdminCall &call) { return wholeList(call, allSchemas()); }},
            {"GET", "/scim/v2/Schemas/{id}",
             [](const AdminCall &call) { return oneOf(call, allSchemas()); }}};
}

} // namespace delta::admin::scim

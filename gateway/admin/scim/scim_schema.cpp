#include "gateway/admin/scim/scim_schema.h"

#include <QString>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

using enum Type;

constexpr std::array places{"work"_L1, "home"_L1, "other"_L1};
constexpr std::array phones{"work"_L1, "home"_L1, "mobile"_L1, "fax"_L1, "pager"_L1, "other"_L1};

constexpr Attribute text(QLatin1StringView name, QLatin1StringView meaning)
{
    return {.name = name, .meaning = meaning};
}

constexpr Attribute readOnly(Attribute attribute)
{
    attribute.mutability = Mutability::ReadOnly;
    return attribute;
}

constexpr Attribute exact(Attribute attribute)
{
    attribute.letterCase = Case::Exact;
    return attribute;
}

constexpr Attribute list(QLatin1StringView name, std::span<const Attribute> parts,
                         QLatin1StringView meaning)
{
    return {.name = name, .type = Complex, .meaning = meaning, .isMulti = true, .parts = parts};
}

constexpr Attribute typeOf(std::span<const QLatin1StringView> suggestions)
{
    return {.name = "type"_L1, .meaning = "What it is for."_L1, .suggestions = suggestions};
}

constexpr Attribute primary{
    .name = "primary"_L1,
    .type = Boolean,
    .meaning = "Whether it is the preferred one; of one list at most one is."_L1};
constexpr Attribute display = text("display"_L1, "For people."_L1);

constexpr std::array nameParts{
    text("formatted"_L1, "The whole name."_L1),
    text("familyName"_L1, "The family name."_L1),
    text("givenName"_L1, "The given name."_L1),
    text("middleName"_L1, "The middle names."_L1),
    text("honorificPrefix"_L1, "A title before the name."_L1),
    text("honorificSuffix"_L1, "What stands behind the name."_L1),
};

constexpr std::array emailParts{text("value"_L1, "The address."_L1), display, typeOf(places),
                                primary};
constexpr std::array phoneParts{text("value"_L1, "The number."_L1), display, typeOf(phones),
                                primary};

constexpr std::array addressParts{
    text("formatted"_L1, "The whole address."_L1),
    text("streetAddress"_L1, "Street and number."_L1),
    text("locality"_L1, "The city."_L1),
    text("region"_L1, "The state or region."_L1),
    text("postalCode"_L1, "The postal code."_L1),
    text("country"_L1, "The country, by ISO 3166-1."_L1),
    typeOf(places),
    primary,
};

constexpr Attribute groupLink{.name = "$ref"_L1,
                              .type = Reference,
                              .meaning = "Where the group is."_L1,
                              .mutability = Mutability::ReadOnly,
                              .letterCase = Case::Exact,
                              .referenced = "Group"_L1};

constexpr std::array groupParts{
    readOnly(exact(text("value"_L1, "The id of the group."_L1))),
    groupLink,
    readOnly(text("display"_L1, "The name of the group."_L1)),
    readOnly(text("type"_L1, "Always 'direct'."_L1)),
};

constexpr std::array userAttributes{
    Attribute{
        .name = "userName"_L1,
        .meaning =
            "What the directory calls the user; an e-mail address where none is in emails."_L1,
        .isRequired = true,
        .isUnique = true},
    Attribute{.name = "name"_L1,
              .type = Complex,
              .meaning = "The parts of the name."_L1,
              .parts = nameParts},
    text("displayName"_L1, "What people read."_L1),
    text("nickName"_L1, "What friends say."_L1),
    Attribute{.name = "profileUrl"_L1,
              .type = Reference,
              .meaning = "A page about the user."_L1,
              .letterCase = Case::Exact},
    text("title"_L1, "What the user does in the organisation."_L1),
    text("userType"_L1, "How the user belongs to the organisation."_L1),
    text("preferredLanguage"_L1, "As in Accept-Language."_L1),
    text("locale"_L1, "How numbers and dates are written."_L1),
    text("timezone"_L1, "By the IANA database."_L1),
    Attribute{
        .name = "active"_L1,
        .type = Boolean,
        .meaning = "Whether the user may come in. If not, sessions are over and keys stop."_L1},
    list("emails"_L1, emailParts,
         "Addresses. The primary one, or the first, is that of the user here."_L1),
    list("phoneNumbers"_L1, phoneParts, "Numbers."_L1),
    list("addresses"_L1, addressParts, "Where letters go."_L1),
    readOnly(
        list("groups"_L1, groupParts, "In which groups the user is; changed at the groups."_L1)),
};

constexpr std::array managerParts{
    exact(text("value"_L1, "The id of the manager."_L1)),
    Attribute{.name = "$ref"_L1,
              .type = Reference,
              .meaning = "Where the manager is."_L1,
              .letterCase = Case::Exact,
              .referenced = "User"_L1},
    readOnly(text("displayName"_L1, "The name of the manager."_L1)),
};

constexpr std::array enterpriseAttributes{
    text("employeeNumber"_L1, "By which the organisation knows the user."_L1),
    text("costCenter"_L1, "Who pays."_L1),
    text("organization"_L1, "The organisation."_L1),
    text("division"_L1, "The division."_L1),
    text("department"_L1, "The department."_L1),
    Attribute{.name = "manager"_L1,
              .type = Complex,
              .meaning = "To whom the user reports."_L1,
              .parts = managerParts},
};

constexpr std::array memberParts{
    Attribute{.name = "value"_L1,
              .meaning = "The id of the user."_L1,
              .mutability = Mutability::Immutable,
              .letterCase = Case::Exact},
    Attribute{.name = "$ref"_L1,
              .type = Reference,
              .meaning = "Where the user is."_L1,
              .mutability = Mutability::ReadOnly,
              .letterCase = Case::Exact,
              .referenced = "User"_L1},
    readOnly(text("display"_L1, "The name of the user."_L1)),
    readOnly(text("type"_L1, "Always 'User': groups are not in groups."_L1)),
};

constexpr std::array groupAttributes{
    Attribute{
        .name = "displayName"_L1,
        .meaning =
            "What the group is called; sso_group_roles of the configuration says what it means."_L1,
        .isRequired = true,
        .isUnique = true},
    list("members"_L1, memberParts, "Who is in it."_L1),
};

constexpr std::array metaParts{
    readOnly(exact(text("resourceType"_L1, "What it is."_L1))),
    readOnly({.name = "created"_L1, .type = DateTime, .meaning = "When it was made."_L1}),
    readOnly({.name = "lastModified"_L1, .type = DateTime, .meaning = "When it was changed."_L1}),
    readOnly(exact({.name = "location"_L1, .type = Reference, .meaning = "Where it is."_L1})),
    readOnly(exact(text("version"_L1, "Its ETag."_L1))),
};

constexpr std::array common{
    Attribute{.name = "schemas"_L1,
              .type = Reference,
              .meaning = "Which schemas it has attributes of."_L1,
              .isMulti = true,
              .letterCase = Case::Exact},
    readOnly(exact(text("id"_L1, "By which the gateway knows it."_L1))),
    exact(text("externalId"_L1, "By which the directory knows it."_L1)),
    readOnly({.name = "meta"_L1,
              .type = Complex,
              .meaning = "What is known of the resource itself."_L1,
              .parts = metaParts}),
};

constexpr Schema user{"urn:ietf:params:scim:schemas:core:2.0:User"_L1, "User"_L1, "A person."_L1,
                      userAttributes};
constexpr Schema enterprise{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"_L1,
                            "EnterpriseUser"_L1, "A person in an organisation."_L1,
                            enterpriseAttributes};
constexpr Schema group{"urn:ietf:params:scim:schemas:core:2.0:Group"_L1, "Group"_L1,
                       "A group of people."_L1, groupAttributes};

} // namespace

const ResourceType &userType()
{
    static constexpr ResourceType type{"User"_L1, "/Users"_L1, user, &enterprise};
    return type;
}

const ResourceType &groupType()
{
    static constexpr ResourceType type{"Group"_L1, "/Groups"_L1, group, nullptr};
    return type;
}

std::span<const Attribute> commonAttributes()
{
    return common;
}

const Attribute *find(std::span<const Attribute> attributes, QStringView name)
{
    const auto found = std::ranges::find_if(attributes, [name](const Attribute &each) {
        return name.compare(each.name, Qt::CaseInsensitive) == 0;
    });
    return found == attributes.end() ? nullptr : &*found;
}

const Attribute *find(const ResourceType &type, QStringView name)
{
    const Attribute *const own = find(type.schema.attributes, name);
    return own ? own : find(commonAttributes(), name);
}

} // namespace delta::admin::scim

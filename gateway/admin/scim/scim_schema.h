#pragma once

#include <QLatin1StringView>
#include <QStringView>

#include <cstdint>
#include <span>

/// \file What SCIM says that users and groups are made of, as far as it is kept here. One table: what is read, what a
/// filter and a path may name, and what /Schemas tells all follow from it. Source: RFC 7643 §4, §7, §8.7.

namespace delta::admin::scim {

/// What kind of value an attribute has.
enum class Type : std::uint8_t { Text, Boolean, DateTime, Reference, Complex };

/// Who sets it.
enum class Mutability : std::uint8_t {
    ReadWrite,
    ReadOnly,  ///< The gateway; what a client sends is ignored.
    Immutable, ///< The client, once.
};

/// Whether case matters when values are compared.
enum class Case : std::uint8_t { Ignored, Exact };

/// One attribute.
struct Attribute {
    QLatin1StringView name;
    Type type = Type::Text;
    QLatin1StringView meaning{}; ///< One line for people.
    bool isMulti = false;        ///< A list of values.
    Mutability mutability = Mutability::ReadWrite;
    Case letterCase = Case::Ignored;
    bool isRequired = false;
    bool isUnique = false;                            ///< In the whole gateway.
    std::span<const Attribute> parts{};               ///< Of a Complex.
    std::span<const QLatin1StringView> suggestions{}; ///< Values that are usual.
    QLatin1StringView referenced{}; ///< Of a Reference: the kind of resource; empty: any URL.
};

/// A set of attributes.
struct Schema {
    QLatin1StringView id; ///< Its URN.
    QLatin1StringView name;
    QLatin1StringView meaning;
    std::span<const Attribute> attributes;
};

/// A kind of resource. An extension's attributes stand in an object that its URN names.
struct ResourceType {
    QLatin1StringView name;
    QLatin1StringView endpoint; ///< "/Users"
    const Schema &schema;
    const Schema *extension = nullptr; ///< Null: there is none.
};

[[nodiscard]] const ResourceType &userType();
[[nodiscard]] const ResourceType &groupType();

/// Returns those that every resource has beside its schema: schemas, id, externalId, meta.
[[nodiscard]] std::span<const Attribute> commonAttributes();

/// Returns the attribute of a name, in whatever case; null if there is none.
[[nodiscard]] const Attribute *find(std::span<const Attribute> attributes, QStringView name);

/// Returns the attribute of a resource, common ones included; null if it has none of that name.
[[nodiscard]] const Attribute *find(const ResourceType &type, QStringView name);

} // namespace delta::admin::scim

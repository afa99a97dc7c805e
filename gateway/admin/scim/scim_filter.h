#pragma once

#include "gateway/admin/scim/scim_schema.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QLatin1StringView>
#include <QString>
#include <QStringView>
#include <QtTypes>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace delta::admin::scim {

/// The attribute that a filter or a path names.
struct Target {
    const Schema *extension =
        nullptr; ///< It is one of that extension's; null: of the schema itself.
    const Attribute *attribute = nullptr; ///< Null: all of the extension.
    const Attribute *part = nullptr;      ///< Of the attribute; null: all of it.
};

/// How a value is held against the filter's. An order is that of texts, and of times.
enum class Comparison : std::uint8_t {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
};

/// A condition on resources, or on the values of a list.
struct Filter {
    enum class Kind : std::uint8_t {
        And,     ///< Both parts hold.
        Or,      ///< One of them does.
        Not,     ///< The one part does not.
        Compare, ///< The target has such a value.
        Present, ///< The target has a value.
        Within,  ///< One value of the target, a list, is such that the one part holds for it.
    };

    Kind kind = Kind::Present;
    Target target{};
    Comparison comparison = Comparison::Equal;
    QJsonValue value{}; ///< A text, a boolean, or null. Times are texts.
    std::vector<Filter> parts{};
};

/// A place in a resource that a patch changes: an attribute, a part of it, or of a list those values that a filter
/// chooses, or a part of these.
struct Path {
    Target target;
    std::optional<Filter> filter; ///< Absent: of a list all values.
};

/// How long a filter may be, how many comparisons it may have, and how deep its parentheses may go.
inline constexpr qsizetype longestFilter = 2'000;
inline constexpr int mostComparisons = 50;
inline constexpr int deepestFilter = 10;

/// Reads a filter over resources of a type. Errors: InvalidRequest with the code `invalidFilter`, which say where.
/// Source: RFC 7644 §3.4.2.2.
[[nodiscard]] Result<Filter> parseFilter(const ResourceType &type, QStringView text);

/// Reads the path of a patch. Errors: likewise with `invalidPath`. Source: RFC 7644 §3.5.2.
[[nodiscard]] Result<Path> parsePath(const ResourceType &type, QStringView text);

/// Says whether a resource, or the value of a list that the filter is about, is such. Attributes must be spelled as in
/// the schema.
[[nodiscard]] bool matches(const Filter &filter, const QJsonObject &object);

/// A value that an attribute must have.
struct Lookup {
    const Attribute *attribute;
    QString value;
};

/// Returns values one of which every match has, of attributes by which resources can be looked up; nothing if the filter
/// does not say so, and all resources have to be tried.
[[nodiscard]] std::optional<std::vector<Lookup>> lookupsOf(
    const Filter &filter, std::span<const QLatin1StringView> attributes);

} // namespace delta::admin::scim

#include "gateway/admin/scim/scim_filter.h"

#include <QDateTime>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

/// Returns the values that a target has in an object; none if it is not set.
QJsonArray valuesAt(const Target &target, const QJsonObject &object)
{
    const QJsonObject base = target.extension ? object.value(target.extension->id).toObject()
                                              : object;
    const QJsonValue found = base.value(target.attribute->name);
    const QJsonArray all = found.isArray() ? found.toArray() : QJsonArray{found};
    QJsonArray values;
    for (const QJsonValue each : all) {
        const QJsonValue value = target.part ? each[target.part->name] : each;
        if (!value.isUndefined() && !value.isNull()) {
            values.append(value);
        }
    }
    return values;
}

bool isOrdered(Comparison comparison, int order)
{
    switch (comparison) {
    case Comparison::Greater:
        return order > 0;
    case Comparison::GreaterOrEqual:
        return order >= 0;
    case Comparison::Less:
        return order < 0;
    case Comparison::LessOrEqual:
        return order <= 0;
    default:
        return order == 0;
    }
}

bool holdsForText(Comparison comparison, const QString &value, const QString &wanted)
{
    switch (comparison) {
    case Comparison::Contains:
        return value.contains(wanted);
    case Comparison::StartsWith:
        return value.startsWith(wanted);
    case Comparison::EndsWith:
        return value.endsWith(wanted);
    default:
        return isOrdered(comparison, value.compare(wanted));
    }
}

bool holdsForTime(Comparison comparison, const QString &value, const QString &wanted)
{
    const QDateTime at = QDateTime::fromString(value, Qt::ISODateWithMs);
    const QDateTime than = QDateTime::fromString(wanted, Qt::ISODateWithMs);
    return isOrdered(comparison, at < than ? -1 : at > than ? 1 : 0);
}

/// Says whether one value is such.
bool holds(const Filter &filter, const Attribute &attribute, const QJsonValue &value)
{
    if (attribute.type == Type::Boolean) {
        return value.toBool() == filter.value.toBool();
    }
    const QString text = value.toString();
    const QString wanted = filter.value.toString();
    if (attribute.type == Type::DateTime) {
        return holdsForTime(filter.comparison, text, wanted);
    }
    return attribute.letterCase == Case::Exact
        ? holdsForText(filter.comparison, text, wanted)
        : holdsForText(filter.comparison, text.toCaseFolded(), wanted.toCaseFolded());
}

bool compares(const Filter &filter, const QJsonObject &object)
{
    const QJsonArray values = valuesAt(filter.target, object);
    const bool isNegated = filter.comparison == Comparison::NotEqual;
    if (filter.value.isNull()) {
        return values.isEmpty() != isNegated;
    }
    const Attribute &attribute = filter.target.part ? *filter.target.part
                                                    : *filter.target.attribute;
    const bool isFound = std::ranges::any_of(
        values, [&](const QJsonValue &value) { return holds(filter, attribute, value); });
    return isFound != isNegated;
}

bool isSet(const QJsonValue &value)
{
    return !(value.isString() && value.toString().isEmpty())
        && !(value.isObject() && value.toObject().isEmpty());
}

} // namespace

bool matches(const Filter &filter, const QJsonObject &object)
{
    const auto part = [&object](const Filter &each) { return matches(each, object); };
    switch (filter.kind) {
    case Filter::Kind::And:
        return std::ranges::all_of(filter.parts, part);
    case Filter::Kind::Or:
        return std::ranges::any_of(filter.parts, part);
    case Filter::Kind::Not:
        return !matches(filter.parts.front(), object);
    case Filter::Kind::Compare:
        return compares(filter, object);
    case Filter::Kind::Present:
        return std::ranges::any_of(valuesAt(filter.target, object), isSet);
    case Filter::Kind::Within:
        break;
    }
    return std::ranges::any_of(valuesAt(filter.target, object), [&filter](const QJsonValue &value) {
        return matches(filter.parts.front(), value.toObject());
    });
}

std::optional<std::vector<Lookup>> lookupsOf(const Filter &filter,
                                             std::span<const QLatin1StringView> attributes)
{
    std::vector<Lookup> found;
    const Target &target = filter.target;
    switch (filter.kind) {
    case Filter::Kind::And:
        for (const Filter &part : filter.parts) {
            if (auto lookups = lookupsOf(part, attributes)) {
                return lookups;
            }
        }
        return std::nullopt;
    case Filter::Kind::Or:
        for (const Filter &part : filter.parts) {
            const auto lookups = lookupsOf(part, attributes);
            if (!lookups) {
                return std::nullopt;
            }
            found.insert(found.end(), lookups->begin(), lookups->end());
        }
        return found;
    case Filter::Kind::Compare:
        if (filter.comparison == Comparison::Equal && filter.value.isString() && !target.extension
            && std::ranges::contains(attributes, target.attribute->name)) {
            return std::vector{Lookup{target.attribute, filter.value.toString()}};
        }
        return std::nullopt;
    default:
        return std::nullopt;
    }
}

} // namespace delta::admin::scim

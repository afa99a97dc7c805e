#pragma once

#include "shared/core/api_error.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QLatin1StringView>
#include <QString>
#include <QtTypes>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

/// \file How LiteLLM's fields of an object lie in ours: a table of each kind, read in both directions.

namespace delta::admin::litellm {

/// What becomes of a field of theirs.
enum class FieldUse {
    Both,  ///< It is taken and shown.
    Taken, ///< It is taken, and shown otherwise or not at all.
    Shown, ///< It is shown, and cannot be set.
    /// LiteLLM has it and this gateway does not. It may ask for nothing: null, false, zero or something empty, which
    /// clients send for all that they do not set. More than that is refused, for nobody would see that it does not hold.
    Idle,
};

/// A field.
struct FieldRow {
    QLatin1StringView theirs;
    QLatin1StringView
        ours; ///< "name", or "budget.max_budget" for a field of an object. Of an idle one: empty.
    FieldUse use = FieldUse::Both;
    /// Makes a value of ours, for the field of theirs. Null: it is the same. Errors: InvalidRequest naming it.
    Result<QJsonValue> (*take)(const QJsonValue &value, const QString &field) = nullptr;
    /// Makes a value of theirs. Null: it is the same.
    QJsonValue (*show)(const QJsonValue &value) = nullptr;
};

using FieldMap = std::span<const FieldRow>;

constexpr FieldRow idle(QLatin1StringView theirs)
{
    return {.theirs = theirs, .ours = {}, .use = FieldUse::Idle};
}

constexpr FieldRow shown(QLatin1StringView theirs, QLatin1StringView ours)
{
    return {.theirs = theirs, .ours = ours, .use = FieldUse::Shown};
}

/// Puts tables behind each other.
template <std::size_t first, std::size_t second>
constexpr std::array<FieldRow, first + second> joined(const std::array<FieldRow, first> &one,
                                                      const std::array<FieldRow, second> &other)
{
    std::array<FieldRow, first + second> all{};
    std::ranges::copy(one, all.begin());
    std::ranges::copy(other, all.begin() + qsizetype(first));
    return all;
}

/// Makes a body of ours. What is null stays null. Errors: InvalidRequest, Unsupported naming a field.
[[nodiscard]] Result<QJsonObject> toOurs(FieldMap map, const QJsonObject &theirs);

/// Shows an object of ours under their names.
[[nodiscard]] QJsonObject toTheirs(FieldMap map, const QJsonObject &ours);

/// Says an error about our fields by the names that the request has for them.
[[nodiscard]] ApiError inTheirWords(FieldMap map, const QJsonObject &request, ApiError error);

} // namespace delta::admin::litellm

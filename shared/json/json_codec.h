#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"

#include <QJsonObject>

#include <type_traits>

/// \file JSON of described structs, for the admin plane: small bodies, read and written whole.
/// The data plane passes JSON through and does not come here.

namespace delta {

namespace detail {

/// Refuses members that are none of the known names.
Result<void> checkNames(const QJsonObject &object, const JsonPlace &place,
                        const QStringList &known);
/// Returns the error for a read-only field in a patch.
ApiError readOnly(const JsonPlace &place);

template <typename Codec, typename Member>
using CodecOf = std::conditional_t<std::is_same_v<Codec, ByType>, JsonCodec<Member>, Codec>;

template <Described T>
void encodeFields(const T &source, QJsonObject &object);
template <Described T>
Result<void> decodeFields(const QJsonObject &object, const JsonPlace &place, T &target);

template <typename Codec, typename Struct, typename Member>
void encodeField(const Field<Codec, Struct, Member> &field, const Struct &source,
                 QJsonObject &object)
{
    object.insert(field.name, CodecOf<Codec, Member>::encode(source.*(field.member)));
}

template <typename Struct, typename Member>
void encodeField(const InlinedField<Struct, Member> &field, const Struct &source,
                 QJsonObject &object)
{
    encodeFields(source.*(field.member), object);
}

template <typename Function, typename Struct>
void encodeField(const ComputedField<Function> &field, const Struct &source, QJsonObject &object)
{
    const auto value = field.compute(source);
    object.insert(field.name, JsonCodec<std::remove_const_t<decltype(value)>>::encode(value));
}

/// The three states of a member: absent keeps the value, null resets it to the struct's default,
/// anything else sets it.
template <typename Codec, typename Struct, typename Member>
Result<void> decodeField(const Field<Codec, Struct, Member> &field, const QJsonObject &object,
                         const JsonPlace &place, Struct &target)
{
    const auto found = object.constFind(field.name);
    if (found == object.constEnd()) {
        return {};
    }
    const JsonPlace here = place.member(field.name);
    if (field.access == Access::ReadOnly && place.kind == DocumentKind::Patch) {
        return failure(readOnly(here));
    }
    if (found->isNull()) {
        target.*(field.member) = Struct().*(field.member);
        return {};
    }
    return CodecOf<Codec, Member>::decode(*found, here, target.*(field.member));
}

template <typename Struct, typename Member>
Result<void> decodeField(const InlinedField<Struct, Member> &field, const QJsonObject &object,
                         const JsonPlace &place, Struct &target)
{
    return decodeFields(object, place, target.*(field.member));
}

template <typename Function, typename Struct>
Result<void> decodeField(const ComputedField<Function> &field, const QJsonObject &object,
                         const JsonPlace &place, Struct &)
{
    if (place.kind == DocumentKind::Patch && object.contains(field.name)) {
        return failure(readOnly(place.member(field.name)));
    }
    return {};
}

template <Described T>
void encodeFields(const T &source, QJsonObject &object)
{
    forEachField<T>([&](const auto &field) { encodeField(field, source, object); });
}

template <Described T>
Result<void> decodeFields(const QJsonObject &object, const JsonPlace &place, T &target)
{
    Result<void> outcome;
    forEachField<T>([&](const auto &field) {
        if (outcome) {
            outcome = decodeField(field, object, place, target);
        }
    });
    return outcome;
}

} // namespace detail

/// A described struct is an object; a patch of it changes only what it names.
template <Described T>
struct JsonCodec<T> {
    static QJsonValue encode(const T &value)
    {
        QJsonObject object;
        detail::encodeFields(value, object);
        return object;
    }
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, T &target)
    {
        if (!json.isObject()) {
            return failure(place.error(QStringLiteral("must be an object")));
        }
        const QJsonObject object = json.toObject();
        TRY_VOID(detail::checkNames(object, place, fieldNames<T>()));
        return detail::decodeFields(object, place, target);
    }
};

/// Writes all fields; what is absent is null, so that every object of a kind has the same members.
template <Described T>
[[nodiscard]] QJsonObject toJson(const T &value)
{
    return JsonCodec<T>::encode(value).toObject();
}

/// Reads what toJson() wrote. Absent members keep the struct's default; computed ones are ignored.
/// Errors: InvalidRequest whose `param` is the path of the wrong or unknown member.
template <Described T>
[[nodiscard]] Result<T> fromJson(const QJsonObject &object)
{
    T value{};
    TRY_VOID(JsonCodec<T>::decode(object, JsonPlace{{}, DocumentKind::Whole}, value));
    return value;
}

/// Applies a client's changes: a member that is absent stays as it is, null resets it to the
/// struct's default (an optional has none then), a value replaces it. Arrays are replaced whole,
/// nested objects patched. With a default-made target this reads a request to create.
/// Errors: as fromJson(), and for read-only fields; the target is unchanged then.
template <Described T>
[[nodiscard]] Result<void> applyPatch(const QJsonObject &object, T &target)
{
    T changed = target;
    TRY_VOID(JsonCodec<T>::decode(object, JsonPlace{{}, DocumentKind::Patch}, changed));
    target = std::move(changed);
    return {};
}

} // namespace delta

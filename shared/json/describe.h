#pragma once

#include <QLatin1StringView>
#include <QStringList>

#include <tuple>

namespace delta {

/// Who sets a field.
enum class Access {
    ReadWrite, ///< Whoever may edit the object.
    ReadOnly,  ///< The gateway alone; a request that names the field is refused.
};

/// Says that a field's JSON form follows from its type.
struct ByType {
};

/// One member of a struct under its JSON name.
/// `Codec` is ByType, or a type like JsonCodec where the member's type alone does not say it all.
template <typename Codec, typename Struct, typename Member>
struct Field {
    QLatin1StringView name;
    Member Struct::*member;
    Access access = Access::ReadWrite;
};

/// A member whose own fields stand at the level of its owner's.
template <typename Struct, typename Member>
struct InlinedField {
    Member Struct::*member;
};

/// A value that follows from the others: written, and ignored when read back.
template <typename Function>
struct ComputedField {
    QLatin1StringView name;
    Function compute; ///< Takes the struct, gives the value.
};

/// Lists a member; `Codec` comes first so that it may be named: `field<NullWhenEmpty<QString>>(…)`.
template <typename Codec = ByType, typename Struct, typename Member>
constexpr Field<Codec, Struct, Member> field(QLatin1StringView name, Member Struct::*member,
                                             Access access = Access::ReadWrite)
{
    return {name, member, access};
}

/// Lists the fields of a member in place of the member.
template <typename Struct, typename Member>
constexpr InlinedField<Struct, Member> inlined(Member Struct::*member)
{
    return {member};
}

/// Lists a value that is worked out.
template <typename Function>
constexpr ComputedField<Function> computed(QLatin1StringView name, Function compute)
{
    return {name, compute};
}

/// A struct that lists its fields, once for everyone who asks: the JSON codec, tables on screens,
/// SQL rows, the test that holds the API description against the code.
///
///     static constexpr auto fields()
///     {
///         return std::tuple{
///             field("id"_L1, &Team::id, Access::ReadOnly),
///             field("name"_L1, &Team::name),
///         };
///     }
template <typename T>
concept Described = requires { T::fields(); };

/// Calls the visitor with each of the fields of a struct, in order.
template <Described T, typename Visitor>
constexpr void forEachField(Visitor &&visit)
{
    std::apply([&visit](const auto &...fields) { (visit(fields), ...); }, T::fields());
}

template <Described T>
QStringList fieldNames();

namespace detail {

template <typename Codec, typename Struct, typename Member>
void appendNames(QStringList &names, const Field<Codec, Struct, Member> &field)
{
    names += QString(field.name);
}

template <typename Struct, typename Member>
void appendNames(QStringList &names, const InlinedField<Struct, Member> &)
{
    names += fieldNames<Member>();
}

template <typename Function>
void appendNames(QStringList &names, const ComputedField<Function> &field)
{
    names += QString(field.name);
}

} // namespace detail

/// Returns the JSON names of a struct's fields, inlined and computed ones included, in order.
template <Described T>
QStringList fieldNames()
{
    QStringList names;
    forEachField<T>([&names](const auto &field) { detail::appendNames(names, field); });
    return names;
}

} // namespace delta

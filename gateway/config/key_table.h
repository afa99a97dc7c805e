#pragma once

#include "gateway/config/read_value.h"
#include "gateway/config/value.h"

#include <QSet>
#include <QStringList>

#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace delta::config {

/// What a known key does.
enum class Effect {
    Effective,
    NoEffectYet, ///< A feature that this gateway will have.
    LiteLlmOnly, ///< A feature of LiteLLM that has no counterpart here.
};

/// Whether a key may be left out.
enum class Presence { Optional, Required };

/// What happens to a key that nobody knows.
/// Where it is noted, it is refused all the same if it looks like a slip of a known key.
enum class UnknownKeys {
    Refuse,
    NoteForLiteLlm, ///< Refuse, but in a file of LiteLLM, whose maps are open.
    Note,           ///< It is metadata.
};

template <typename Target>
struct Table;

/// One key of a section: its name, what it takes, where it goes, and what it is for.
template <typename Target>
struct Key {
    QLatin1StringView name;
    QLatin1StringView meaning; ///< One line for the operator.
    QLatin1StringView type;    ///< Kind of value, for people.
    void (*read)(const Value &, const Limits &, Target &) = nullptr;
    Limits limits{};
    const Table<Target> *section = nullptr; ///< The keys below, instead of a reader.
    QLatin1StringView alias{};              ///< Another spelling, by which LiteLLM knows the key.
    Presence presence = Presence::Optional;
};

/// Keys that are accepted and reported, because what they switch is not there.
/// Their names are separated by blanks; "aws_*" stands for all that begin with "aws_".
struct IdleKeys {
    Effect effect;
    QLatin1StringView reason;
    QLatin1StringView names;

    [[nodiscard]] QStringList list() const;
    [[nodiscard]] bool holds(QStringView key) const;
};

/// Keys that follow a rule instead of having a row each.
template <typename Target>
struct KeyFamily {
    QLatin1StringView pattern; ///< Such as "*_above_<n>k_tokens".
    QLatin1StringView meaning;
    bool (*holds)(QStringView) = nullptr;
    void (*read)(const Value &, const Limits &, Target &) = nullptr;
};

/// All known keys of one section. They are read in the order of the table, so a later one wins over
/// an earlier one that goes to the same place.
template <typename Target>
struct Table {
    std::span<const Key<Target>> keys;
    std::span<const IdleKeys> idle{};
    UnknownKeys unknown = UnknownKeys::Refuse;
    const KeyFamily<Target> *family = nullptr; ///< Null: none.
};

/// Makes a key whose value is read into the member at the end of a path of members:
/// `key<ConfigDraft, &ConfigDraft::config, &Config::listen>(name, meaning)`.
template <typename Target, auto... Path>
constexpr Key<Target> key(QLatin1StringView name, QLatin1StringView meaning, Limits limits = {})
{
    using Member = std::remove_cvref_t<decltype((std::declval<Target &>().*....*Path))>;
    return {.name = name,
            .meaning = meaning,
            .type = typeName<Member>(),
            .read = [](const Value &value, const Limits &bounds,
                       Target &target) { read(value, bounds, (target.*....*Path)); },
            .limits = limits};
}

/// The entries of a section as its table is worked through. Keeps the templates below small.
class SectionReader
{
public:
    /// `value` must be a map.
    explicit SectionReader(const Value &value);

    /// Returns the value of a key under its name or its alias, and ticks the key off; nothing if
    /// the key is absent or null. Both spellings at once, or none where one is required, are
    /// reported.
    [[nodiscard]] std::optional<Value> take(QLatin1StringView name, QLatin1StringView alias,
                                            Presence presence);
    /// Notes that a key has a value.
    static void note(const Value &section, QLatin1StringView name, const Value &value);
    /// Returns the values of all keys that are not taken yet and that a rule holds for, and ticks
    /// them off.
    [[nodiscard]] std::vector<Value> takeAll(bool (*holds)(QStringView));
    /// Reports every key that was not taken: those without effect as warnings, the rest as errors.
    void finish(std::span<const IdleKeys> idle, UnknownKeys unknown);

private:
    void reportUnknown(const YamlNode::Entry &entry, UnknownKeys unknown);
    [[nodiscard]] bool isSlip(const QString &key) const;
    [[nodiscard]] QString adviceFor(const QString &key) const;

    const Value &m_section;
    QStringList m_names;   ///< Of the table, to choose a suggestion from.
    QSet<QString> m_taken; ///< Keys that need no report.
};

/// Reads a section by its table; a null section is an empty one.
template <typename Target>
void readSection(const Value &section, const Table<Target> &table, Target &target)
{
    if (!section.isNull() && section.node().kind != YamlNode::Kind::Map) {
        failKind(section, QLatin1StringView("a map"));
        return;
    }
    SectionReader reader(section);
    for (const Key<Target> &key : table.keys) {
        const auto value = reader.take(key.name, key.alias, key.presence);
        if (value && key.section) {
            readSection(*value, *key.section, target);
        } else if (value) {
            SectionReader::note(section, key.name, *value);
            key.read(*value, key.limits, target);
        }
    }
    if (table.family) {
        for (const Value &value : reader.takeAll(table.family->holds)) {
            table.family->read(value, Limits(), target);
        }
    }
    reader.finish(table.idle, table.unknown);
}

} // namespace delta::config

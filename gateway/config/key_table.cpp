#include "gateway/config/key_table.h"

#include "gateway/config/key_path.h"
#include "gateway/config/known_keys.h"
#include "shared/core/nearest_name.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// Errors of one file that are worth advice; a file with more is not of this program.
constexpr std::size_t advisedErrors = 100;

/// What keys begin with that are there to hold anchors, as in Compose files.
constexpr auto anchorPrefix = "x-"_L1;

/// Returns the sections in which a key would be at home, as advice; "" if there is none.
QString homesOf(const QString &key)
{
    QStringList homes;
    for (const KnownKey &known : knownKeys()) {
        if (known.effect == Effect::Effective && known.path.section(u'.', -1) == key) {
            homes += known.path.section(u'.', 0, -2);
        }
    }
    return homes.isEmpty() ? QString() : u"; it belongs to %1"_s.arg(homes.join(" or "_L1));
}

QString idleMessage(const IdleKeys &group)
{
    const auto verdict = group.effect == Effect::NoEffectYet ? "has no effect yet"_L1
                                                             : "has no effect here"_L1;
    return verdict + u": "_s + group.reason;
}

} // namespace

QStringList IdleKeys::list() const
{
    return QString(names).split(u' ', Qt::SkipEmptyParts);
}

bool IdleKeys::holds(QStringView key) const
{
    for (const QLatin1StringView name : names.tokenize(u' ', Qt::SkipEmptyParts)) {
        if (name.endsWith(u'*') ? key.startsWith(name.chopped(1)) : key == name) {
            return true;
        }
    }
    return false;
}

SectionReader::SectionReader(const Value &value)
    : m_section(value)
{
}

std::optional<Value> SectionReader::take(QLatin1StringView name, QLatin1StringView alias,
                                         Presence presence)
{
    const YamlNode::Entry *found = nullptr;
    for (const YamlNode::Entry &entry : m_section.node().entries) {
        if (entry.key != name && (alias.isEmpty() || entry.key != alias)) {
            continue;
        }
        if (found) {
            m_section.at(entry).fail(
                u"is the same as %1, which is given as well"_s.arg(found->key));
        }
        found = &entry;
    }
    for (const QLatin1StringView spelling : {name, alias}) {
        if (!spelling.isEmpty()) {
            m_names += spelling;
            m_taken += spelling;
        }
    }
    if (found && found->value->kind != YamlNode::Kind::Null) {
        return m_section.at(*found);
    }
    if (presence == Presence::Required) {
        m_section.fail(u"lacks the key %1"_s.arg(name));
    }
    return std::nullopt;
}

void SectionReader::note(const Value &section, QLatin1StringView name, const Value &value)
{
    Reading &reading = section.reading();
    const QString path = keyPath(section.path(), name);
    reading.found.push_back({.path = path,
                             .text = value.node().text,
                             .isReferenced = value.isReferenced(),
                             .isOverlaid = reading.overlay.contains(path)});
}

std::vector<Value> SectionReader::takeAll(bool (*holds)(QStringView))
{
    std::vector<Value> values;
    for (const YamlNode::Entry &entry : m_section.node().entries) {
        if (m_taken.contains(entry.key) || !holds(entry.key)) {
            continue;
        }
        m_taken += entry.key;
        if (entry.value->kind != YamlNode::Kind::Null) {
            values.push_back(m_section.at(entry));
        }
    }
    return values;
}

void SectionReader::finish(std::span<const IdleKeys> idle, UnknownKeys unknown)
{
    for (const IdleKeys &group : idle) {
        m_names += group.list();
    }
    m_names.removeIf([](const QString &name) { return name.endsWith(u'*'); });
    for (const YamlNode::Entry &entry : m_section.node().entries) {
        if (m_taken.contains(entry.key) || entry.key.startsWith(anchorPrefix)) {
            continue;
        }
        const auto group = std::ranges::find_if(
            idle, [&](const IdleKeys &candidate) { return candidate.holds(entry.key); });
        if (group == idle.end()) {
            reportUnknown(entry, unknown);
        } else if (entry.value->kind != YamlNode::Kind::Null) {
            Reading &reading = m_section.reading();
            reading.warnings.push_back(
                {reading.file, entry.place, m_section.at(entry).path(), idleMessage(*group)});
        }
    }
}

void SectionReader::reportUnknown(const YamlNode::Entry &entry, UnknownKeys unknown)
{
    Reading &reading = m_section.reading();
    const bool isMetadata = unknown == UnknownKeys::Note;
    const bool isNoted = isMetadata
        || (unknown == UnknownKeys::NoteForLiteLlm && reading.isOfLiteLlm);
    Problem problem{reading.file, entry.place, m_section.at(entry).path(), {}};
    if (!isNoted || isSlip(entry.key)) {
        problem.message = u"is not a known key here"_s + adviceFor(entry.key);
        reading.errors.push_back(problem);
        return;
    }
    problem.message = isMetadata
        ? u"has no effect: metadata of your own is not kept"_s
        : u"has no effect here: it is not a known key"_s + homesOf(entry.key);
    reading.warnings.push_back(problem);
}

bool SectionReader::isSlip(const QString &key) const
{
    return key.contains(u':') || key.contains(u'=')
        || std::ranges::any_of(m_names, [&](const QString &name) { return isSlipOf(name, key); });
}

QString SectionReader::adviceFor(const QString &key) const
{
    if (key.contains(u':') || key.contains(u'=')) {
        return u"; a colon and a blank must follow a key"_s;
    }
    if (m_section.reading().errors.size() >= advisedErrors) {
        return {};
    }
    if (const QString homes = homesOf(key); !homes.isEmpty()) {
        return homes;
    }
    const QString nearest = nearestName(key, m_names);
    return nearest.isEmpty() ? QString() : u"; did you mean \"%1\"?"_s.arg(nearest);
}

} // namespace delta::config

#include "gateway/config/yaml_builder.h"

#include "gateway/config/key_path.h"
#include "gateway/config/yaml_reader.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// The key that YAML 1.1 gives the meaning "take over the entries of this map".
constexpr auto mergeKey = "<<"_L1;

} // namespace

YamlBuilder::YamlBuilder(QString file)
    : m_file(std::move(file))
{
}

YamlNode::Pointer YamlBuilder::root() const
{
    return m_root ? m_root : std::make_shared<const YamlNode>();
}

void YamlBuilder::beginDocument(Place place)
{
    if (++m_documents > 1) {
        stop(place, u"holds more than one YAML document"_s);
    }
}

void YamlBuilder::addNull(Start start)
{
    if (awaitsKey()) {
        stop(start.place, u"holds a key without a name"_s);
    }
    open(YamlNode::Kind::Null, start);
    close();
}

void YamlBuilder::addScalar(Start start, const QString &text, Style style)
{
    if (awaitsKey()) {
        addKey(text, start.place, style);
        return;
    }
    open(YamlNode::Kind::Scalar, start);
    m_open.back().node->text = text;
    close();
}

void YamlBuilder::addAlias(Start start)
{
    const auto &anchors = m_anchors;
    const YamlNode::Pointer target = start.anchor < anchors.size() ? anchors[start.anchor]
                                                                   : nullptr;
    if (awaitsKey()) {
        stop(start.place, u"a key must be plain text, not an alias"_s);
    }
    if (!target) {
        stop(start.place, u"is an alias of a value that is not complete here"_s);
    }
    count(target->size, start.place);
    add(target);
}

void YamlBuilder::beginList(Start start)
{
    open(YamlNode::Kind::List, start);
}

void YamlBuilder::beginMap(Start start)
{
    open(YamlNode::Kind::Map, start);
}

void YamlBuilder::endList()
{
    close();
}

void YamlBuilder::endMap()
{
    Frame &frame = m_open.back();
    for (const YamlNode::Pointer &source : std::as_const(frame.merges)) {
        if (source->kind != YamlNode::Kind::List) {
            mergeInto(frame, source);
            continue;
        }
        for (const YamlNode::Pointer &item : source->items) {
            mergeInto(frame, item);
        }
    }
    close();
}

void YamlBuilder::open(YamlNode::Kind kind, Start start)
{
    if (awaitsKey()) {
        stop(start.place, u"a key must be plain text, not a list or a map"_s);
    }
    if (std::cmp_greater_equal(m_open.size(), maxYamlDepth)) {
        stop(start.place, u"is nested deeper than %1 levels"_s.arg(maxYamlDepth));
    }
    count(1, start.place);
    Frame frame;
    frame.node = std::make_shared<YamlNode>();
    frame.node->kind = kind;
    frame.node->place = start.place;
    frame.anchor = start.anchor;
    m_open.push_back(std::move(frame));
}

void YamlBuilder::close()
{
    const Frame frame = std::move(m_open.back());
    m_open.pop_back();
    if (frame.anchor != 0) {
        m_anchors.resize(std::max(m_anchors.size(), frame.anchor + 1));
        m_anchors[frame.anchor] = frame.node;
    }
    add(frame.node);
}

void YamlBuilder::add(const YamlNode::Pointer &node)
{
    if (m_open.empty()) {
        m_root = node;
        return;
    }
    Frame &frame = m_open.back();
    if (frame.node->kind == YamlNode::Kind::List) {
        frame.node->size += node->size;
        frame.node->items.push_back(node);
        return;
    }
    frame.await = Await::Key;
    if (frame.isRepeated) {
        return;
    }
    if (frame.entry.key == mergeKey && frame.keyStyle == Style::Plain) {
        frame.merges.push_back(node);
        return;
    }
    frame.node->size += node->size;
    frame.entry.value = node;
    frame.node->entries.push_back(std::move(frame.entry));
}

void YamlBuilder::addKey(const QString &key, Place place, Style style)
{
    Frame &frame = m_open.back();
    frame.entry = {key, place, nullptr};
    frame.keyStyle = style;
    frame.await = Await::Value;
    const int line = frame.lines.value(key);
    frame.isRepeated = line > 0;
    if (frame.isRepeated) {
        note(place, u"is given twice, first on line %1"_s.arg(line));
        return;
    }
    frame.lines.insert(key, place.line);
}

void YamlBuilder::mergeInto(Frame &frame, const YamlNode::Pointer &source)
{
    if (source->kind != YamlNode::Kind::Map) {
        stop(source->place, u"<< takes over a map or a list of maps, and this is neither"_s);
    }
    for (const YamlNode::Entry &entry : source->entries) {
        // What the map says itself, or took over earlier, stays.
        if (frame.lines.contains(entry.key)) {
            continue;
        }
        frame.lines.insert(entry.key, entry.place.line);
        frame.node->size += entry.value->size;
        frame.node->entries.push_back(entry);
    }
}

void YamlBuilder::count(qsizetype values, Place place)
{
    m_count += values;
    if (m_count > maxYamlValues) {
        stop(place, u"its aliases expand to more than %1 values"_s.arg(maxYamlValues));
    }
}

bool YamlBuilder::awaitsKey() const
{
    return !m_open.empty() && m_open.back().node->kind == YamlNode::Kind::Map
        && m_open.back().await == Await::Key;
}

QString YamlBuilder::path() const
{
    QString path;
    for (const Frame &frame : m_open) {
        if (frame.node->kind == YamlNode::Kind::List) {
            path = itemPath(path, std::ssize(frame.node->items));
        } else if (frame.node->kind == YamlNode::Kind::Map && frame.await == Await::Value) {
            path = keyPath(path, frame.entry.key);
        }
    }
    return path;
}

void YamlBuilder::note(Place place, const QString &message)
{
    m_problems.push_back({m_file, place, path(), message});
}

void YamlBuilder::stop(Place place, const QString &message)
{
    note(place, message);
    throw Stop{};
}

} // namespace delta::config

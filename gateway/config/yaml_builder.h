#pragma once

#include "gateway/config/yaml_node.h"

#include <QHash>

#include <cstddef>
#include <vector>

namespace delta::config {

/// Builds a YamlNode tree from the events of a YAML parser. Working on events rather than on a
/// parser's own nodes keeps duplicate keys visible, and lets an alias be counted before it is
/// followed.
class YamlBuilder
{
public:
    /// Is thrown to end the parse at once, after a problem was noted; never leaves readYaml().
    struct Stop {
    };
    /// Where a value begins, and the number by which aliases name it; zero if it has no anchor.
    struct Start {
        Place place;
        std::size_t anchor = 0;
    };
    enum class Style { Plain, Quoted };

    explicit YamlBuilder(QString file);

    void beginDocument(Place place);
    void addNull(Start start);
    void addScalar(Start start, const QString &text, Style style);
    void addAlias(Start start);
    void beginList(Start start);
    void beginMap(Start start);
    void endList();
    void endMap();
    /// Notes a problem at the current key path.
    void note(Place place, const QString &message);
    /// Notes a problem and ends the parse.
    [[noreturn]] void stop(Place place, const QString &message);

    /// Returns the finished tree; a null node for an empty file.
    [[nodiscard]] YamlNode::Pointer root() const;
    [[nodiscard]] const Problems &problems() const
    {
        return m_problems;
    }

private:
    enum class Await { Key, Value };
    /// A list or map whose end has not come yet.
    struct Frame {
        std::shared_ptr<YamlNode> node;
        std::size_t anchor = 0;
        Await await = Await::Key;  ///< Of a map.
        YamlNode::Entry entry;     ///< The last key of a map, waiting for its value.
        QHash<QString, int> lines; ///< Where the keys of a map were given.
        Style keyStyle = Style::Plain;
        bool isRepeated = false; ///< The last key was given before; its value is dropped.
        std::vector<YamlNode::Pointer> merges; ///< Values of `<<`.
    };

    void open(YamlNode::Kind kind, Start start);
    void close();
    void add(const YamlNode::Pointer &node);
    void addKey(const QString &key, Place place, Style style);
    void mergeInto(Frame &frame, const YamlNode::Pointer &source);
    void count(qsizetype values, Place place);
    [[nodiscard]] bool awaitsKey() const;
    [[nodiscard]] QString path() const;

    QString m_file;
    Problems m_problems;
    YamlNode::Pointer m_root;
    std::vector<Frame> m_open;
    std::vector<YamlNode::Pointer> m_anchors; ///< By anchor number; null while its node is open.
    qsizetype m_count = 0;
    int m_documents = 0;
};

} // namespace delta::config

#include "gateway/config/overlay.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace delta::config {

namespace {

/// Numbers keep all their digits.
QString textOf(const QJsonValue &value)
{
    if (value.isString()) {
        return value.toString();
    }
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(list.sliced(1, list.size() - 2));
}

YamlNode::Pointer scalar(const QJsonValue &value)
{
    auto node = std::make_shared<YamlNode>();
    node->kind = YamlNode::Kind::Scalar;
    node->text = textOf(value);
    return node;
}

/// Returns a copy of a map in which the key at the end of `path` has that value.
YamlNode::Pointer with(const YamlNode *map, QStringView path, const YamlNode::Pointer &value)
{
    auto changed = std::make_shared<YamlNode>();
    if (map && map->kind == YamlNode::Kind::Map) {
        *changed = *map;
    }
    changed->kind = YamlNode::Kind::Map;
    const qsizetype dot = path.indexOf(u'.');
    const QStringView key = dot < 0 ? path : path.first(dot);
    auto entry = std::ranges::find(changed->entries, key, &YamlNode::Entry::key);
    if (entry == changed->entries.end()) {
        entry = changed->entries.insert(entry, {.key = key.toString(), .place = {}, .value = {}});
    }
    entry->value = dot < 0 ? value : with(entry->value.get(), path.sliced(dot + 1), value);
    return changed;
}

} // namespace

YamlNode::Pointer overlaid(const YamlNode::Pointer &root, const QJsonObject &values)
{
    YamlNode::Pointer changed = root;
    for (auto value = values.begin(); value != values.end(); ++value) {
        if (!value->isNull()) {
            changed = with(changed.get(), value.key(), scalar(*value));
        }
    }
    return changed;
}

} // namespace delta::config

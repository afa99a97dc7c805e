#include "gateway/http/path_tree.h"

#include <utility>

namespace delta::http {

namespace {

std::string_view toView(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<std::size_t>(bytes.size())};
}

/// Cuts the first segment off a path that begins with '/'.
std::pair<QByteArrayView, QByteArrayView> cut(QByteArrayView path)
{
    const qsizetype end = path.indexOf('/', 1);
    return end < 0 ? std::pair(path.sliced(1), QByteArrayView())
                   : std::pair(path.sliced(1, end - 1), path.sliced(end));
}

enum class SegmentKind { Name, Parameter, Rest };

/// Returns nothing if the segment of a pattern is malformed.
std::optional<SegmentKind> kindOf(QByteArrayView segment)
{
    if (!segment.contains('{') && !segment.contains('}')) {
        return segment.contains('?') ? std::nullopt : std::optional(SegmentKind::Name);
    }
    if (segment.size() < 3 || !segment.startsWith('{') || segment.indexOf('}') != segment.size() - 1
        || segment.lastIndexOf('{') != 0) {
        return std::nullopt;
    }
    const QByteArrayView name = segment.sliced(1, segment.size() - 2);
    if (!name.endsWith("...")) {
        return SegmentKind::Parameter;
    }
    return name.size() > 3 ? std::optional(SegmentKind::Rest) : std::nullopt;
}

} // namespace

std::expected<std::size_t, PathTree::Malformed> PathTree::add(QByteArrayView pattern)
{
    if (!pattern.startsWith('/')) {
        return std::unexpected(Malformed());
    }
    Node *node = &m_root;
    std::optional<std::size_t> *place = nullptr;
    for (QByteArrayView left = pattern; !left.isEmpty();) {
        const auto [segment, next] = cut(left);
        const std::optional<SegmentKind> kind = kindOf(segment);
        const bool isLast = next.isEmpty();
        if (!kind || (segment.isEmpty() && pattern.size() > 1)
            || (*kind == SegmentKind::Rest && !isLast)) {
            return std::unexpected(Malformed());
        }
        if (*kind == SegmentKind::Rest) {
            place = &node->rest;
            break;
        }
        if (*kind == SegmentKind::Name) {
            node = &node->named[std::string(toView(segment))];
        } else {
            if (!node->parameter) {
                node->parameter = std::make_unique<Node>();
            }
            node = node->parameter.get();
        }
        place = &node->here;
        left = next;
    }
    if (!*place) {
        *place = m_count++;
        if (!pattern.contains('{')) {
            m_exact[std::string(toView(pattern))].here = *place;
        }
    }
    return **place;
}

std::optional<PathTree::Match> PathTree::find(QByteArrayView path) const
{
    if (const auto exact = m_exact.find(toView(path)); exact != m_exact.end()) {
        return Match{*exact->second.here, {}};
    }
    QByteArrayList parameters;
    const std::optional<std::size_t> found = path.startsWith('/')
        ? descend(m_root, path, parameters)
        : std::nullopt;
    return found ? std::optional(Match{*found, std::move(parameters)}) : std::nullopt;
}

/// Looks for what fits a path from a node on; leaves `parameters` as they were if nothing does.
std::optional<std::size_t> PathTree::descend(const Node &node, QByteArrayView path,
                                             QByteArrayList &parameters)
{
    if (path.isEmpty()) {
        return node.here;
    }
    if (const auto found = descendNamed(node, path, parameters)) {
        return found;
    }
    if (node.rest && path.size() > 1) {
        parameters.append(QByteArray::fromPercentEncoding(path.sliced(1).toByteArray()));
        return node.rest;
    }
    return std::nullopt;
}

/// Does so with the first segment of the path alone: by its name, or as a parameter.
std::optional<std::size_t> PathTree::descendNamed(const Node &node, QByteArrayView path,
                                                  QByteArrayList &parameters)
{
    const auto [segment, next] = cut(path);
    if (const auto child = node.named.find(toView(segment)); child != node.named.end()) {
        if (const auto found = descend(child->second, next, parameters)) {
            return found;
        }
    }
    if (!node.parameter || segment.isEmpty()) {
        return std::nullopt;
    }
    parameters.append(QByteArray::fromPercentEncoding(segment.toByteArray()));
    const auto found = descend(*node.parameter, next, parameters);
    if (!found) {
        parameters.removeLast();
    }
    return found;
}

} // namespace delta::http

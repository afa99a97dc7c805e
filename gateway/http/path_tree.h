#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace delta::http {

/// Finds the pattern that a path fits. A pattern is a path, such as "/v1/models", in which whole segments may be
/// parameters: "{name}" stands for any one segment, "{name...}", which can only come last, for all that follows,
/// slashes too. A segment that is there by name goes before a parameter, and that before all that follows.
/// Immutable once filled; safe from any thread then.
class PathTree
{
public:
    /// A path that fits.
    struct Match {
        std::size_t pattern = 0;
        QByteArrayList parameters; ///< Percent-decoded; none is empty.
    };
    /// Why a text is no pattern.
    enum class Malformed { };

    /// Adds a pattern and returns its number, which counts from 0; that which it has already if one of the same
    /// form, whatever its parameters are called, is there.
    [[nodiscard]] std::expected<std::size_t, Malformed> add(QByteArrayView pattern);
    /// Returns the pattern that a path as sent fits; nothing if there is none.
    [[nodiscard]] std::optional<Match> find(QByteArrayView path) const;

private:
    struct Node;
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>()(text);
        }
    };
    using Children = std::unordered_map<std::string, Node, Hash, std::equal_to<>>;
    struct Node {
        Children named;
        std::unique_ptr<Node> parameter;
        std::optional<std::size_t> here; ///< The pattern that ends here.
        std::optional<std::size_t> rest; ///< The pattern that takes all that follows.
    };

    [[nodiscard]] static std::optional<std::size_t> descend(const Node &node, QByteArrayView path,
                                                            QByteArrayList &parameters);
    [[nodiscard]] static std::optional<std::size_t> descendNamed(const Node &node,
                                                                 QByteArrayView path,
                                                                 QByteArrayList &parameters);

    Node m_root;
    Children m_exact; ///< Paths without parameters, whole, which most requests have.
    std::size_t m_count = 0;
};

} // namespace delta::http

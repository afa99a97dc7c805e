#pragma once

#include "gateway/config/problem.h"
#include "gateway/config/yaml_node.h"
#include "gateway/ports/endpoint.h"
#include "gateway/ports/secret_source.h"
#include "shared/billing/price_book.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QProcessEnvironment>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace delta::config {

/// Completes an endpoint of the file with what only other parts know, such as providers. Returns
/// what its author should hear; empty: nothing.
/// Errors: Unsupported if it is right and cannot be called yet, so that it is left out; any other
/// kind if it is wrong. `param` names the key of its params that is concerned.
using PrepareEndpoint = std::function<Result<QString>(ports::Endpoint &)>;

/// A key that has a value.
struct FoundKey {
    QString path; ///< By the names of the tables, also where the file has another spelling.
    QString text; ///< Of a scalar, as it is written.
    bool isReferenced = false; ///< The text stands for a value that is kept elsewhere.
    bool isOverlaid = false;   ///< It is not the file's.
};

/// What the reading of one file shares: whom to ask, and where to write down what is wrong.
struct Reading {
    QString file;
    QProcessEnvironment environment;
    const PriceBook &prices; ///< What models cost that the file does not price in full.
    PrepareEndpoint prepare;
    ports::SecretSource *secrets = nullptr; ///< Null: references to secrets have no value.
    /// Says of a key path whether its value is wanted, or else no secret is fetched for it; null: all are.
    bool (*isWanted)(const QString &key) = nullptr;
    bool isOfLiteLlm = false; ///< The file uses LiteLLM's spellings; its maps are open, then.
    Problems errors;
    Problems warnings;
    bool holdsSecrets = false;   ///< A secret is written in the file itself.
    QJsonObject overlay;         ///< What was put over the file, by the path of the key.
    std::vector<FoundKey> found; ///< Of the tables, in the order in which they were read.
};

/// A value of the file, with its key path: what a reader takes and complains about.
/// Borrows the reading and the node; both outlive it.
class Value
{
public:
    Value(Reading &reading, const YamlNode &node, QString path);

    [[nodiscard]] const YamlNode &node() const
    {
        return *m_node;
    }
    [[nodiscard]] Reading &reading() const
    {
        return *m_reading;
    }
    [[nodiscard]] bool isNull() const
    {
        return m_node->kind == YamlNode::Kind::Null;
    }
    [[nodiscard]] const QString &path() const
    {
        return m_path;
    }
    /// Returns the last key of the path.
    [[nodiscard]] QString name() const;
    /// Returns the value of an entry of this map.
    [[nodiscard]] Value at(const YamlNode::Entry &entry) const;
    /// Returns an item of this list.
    [[nodiscard]] Value at(std::size_t index) const;

    /// Returns the text of a scalar, with a reference resolved. Nothing if it is null, or if it is
    /// no scalar or cannot be resolved, which is then reported.
    [[nodiscard]] std::optional<QString> text() const;
    /// Returns the text for use in a message: quoted, or the name of the variable that it comes
    /// from. A text with the shape of a credential is not shown, because it may have come under the
    /// wrong key. Not for secrets, which may have any shape.
    [[nodiscard]] QString shown() const;
    /// Says whether the value is kept elsewhere, as in "os.environ/NAME".
    [[nodiscard]] bool isReferenced() const;

    void fail(const QString &message, Problem::Cause cause = Problem::Cause::File) const;
    void warn(const QString &message) const;

private:
    Reading *m_reading; ///< Never null; a pointer so that values can be assigned.
    const YamlNode *m_node;
    QString m_path;
};

/// Says that the value is not of the kind that the key wants.
void failKind(const Value &value, QLatin1StringView wanted);

} // namespace delta::config

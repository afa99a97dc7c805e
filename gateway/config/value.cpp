#include "gateway/config/value.h"

#include "gateway/config/credential_shape.h"
#include "gateway/config/key_path.h"
#include "gateway/config/value_reference.h"
#include "shared/core/quoted.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

Value::Value(Reading &reading, const YamlNode &node, QString path)
    : m_reading(&reading)
    , m_node(&node)
    , m_path(std::move(path))
{
}

QString Value::name() const
{
    return m_path.section(u'.', -1);
}

Value Value::at(const YamlNode::Entry &entry) const
{
    return {*m_reading, *entry.value, keyPath(m_path, entry.key)};
}

Value Value::at(std::size_t index) const
{
    return {*m_reading, *m_node->items[index], itemPath(m_path, static_cast<qsizetype>(index))};
}

std::optional<QString> Value::text() const
{
    if (isNull()) {
        return std::nullopt;
    }
    if (m_node->kind != YamlNode::Kind::Scalar) {
        failKind(*this, "text"_L1);
        return std::nullopt;
    }
    if (!isReferenced()) {
        return m_node->text;
    }
    const bool isWanted = !m_reading->isWanted || m_reading->isWanted(m_path);
    auto resolved = resolveReference(m_node->text, m_reading->environment,
                                     isWanted ? m_reading->secrets : nullptr);
    if (!resolved) {
        fail(resolved.error().message, resolved.error().cause);
        return std::nullopt;
    }
    return *std::move(resolved);
}

QString Value::shown() const
{
    if (isReferenced()) {
        return u"the value of "_s + m_node->text;
    }
    return looksLikeCredential(m_node->text) ? u"what looks like a credential"_s
                                             : quoted(m_node->text);
}

bool Value::isReferenced() const
{
    return m_node->kind == YamlNode::Kind::Scalar && isReference(m_node->text);
}

void Value::fail(const QString &message, Problem::Cause cause) const
{
    m_reading->errors.push_back({m_reading->file, m_node->place, m_path, message, cause});
}

void Value::warn(const QString &message) const
{
    m_reading->warnings.push_back({m_reading->file, m_node->place, m_path, message});
}

void failKind(const Value &value, QLatin1StringView wanted)
{
    static constexpr std::array found{"nothing"_L1, "a single value"_L1, "a list"_L1, "a map"_L1};
    const auto kind = static_cast<std::size_t>(value.node().kind);
    value.fail(u"must be %1, not %2"_s.arg(wanted, found.at(kind)));
}

} // namespace delta::config

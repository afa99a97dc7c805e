#pragma once

#include <QJsonObject>
#include <QJsonValue>
#include <QString>

namespace delta::fuzz {

/// Holds bodies against the schemas of an OpenAPI description, by rules of its own: it shares no code with what reads
/// bodies. Knows the part of JSON Schema that ours uses. A null is good everywhere in a body, where it takes a field back
/// to its default.
class SchemaCheck
{
public:
    explicit SchemaCheck(QJsonObject description)
        : m_description(std::move(description))
    {
    }

    /// Says what is wrong with the body of a request to `path`, as the description spells it; empty: nothing. A route
    /// that is not described takes nothing.
    [[nodiscard]] QString faultOf(const QString &method, const QString &path,
                                  const QJsonObject &body) const;

private:
    [[nodiscard]] QString faultIn(const QJsonValue &value, QJsonObject schema,
                                  const QString &place) const;
    [[nodiscard]] QString faultInObject(const QJsonObject &object, const QJsonObject &schema,
                                        const QString &place) const;
    [[nodiscard]] QJsonObject resolved(const QJsonObject &schema) const;
    [[nodiscard]] QJsonObject merged(const QJsonObject &schema) const;

    const QJsonObject m_description;
};

} // namespace delta::fuzz

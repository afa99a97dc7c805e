#pragma once

#include <QByteArray>
#include <QJsonValue>
#include <QLatin1StringView>
#include <QtTypes>

namespace delta::admin {

/// Writes JSON as text, one member after another, for answers with very many numbers: QJsonDocument would take ten
/// times as long. It is up to the caller that each begin() has its end(), and that names stand in objects only.
class JsonText
{
public:
    /// Begins an object or an array, '{' or '[': at the top, as an element, or as the value of the last name().
    void begin(char bracket);
    /// Ends it: '}' or ']'.
    void end(char bracket);
    /// Begins a member whose value comes next. The name has nothing that JSON would want escaped.
    void name(QLatin1StringView name);
    void member(QLatin1StringView name, qint64 number);
    /// Writes `value` / 10^`decimals` exactly, without zeros at its end.
    void member(QLatin1StringView name, qint64 value, int decimals);
    /// Writes a text, null, a bool, an object or an array.
    void member(QLatin1StringView name, const QJsonValue &value);
    /// Writes a value that is JSON already.
    void member(QLatin1StringView name, const QByteArray &json);

    /// Returns all that was written.
    [[nodiscard]] QByteArray take();

private:
    void separate();
    void append(qint64 number);

    QByteArray m_text;
};

/// Returns what a value is in a JSON document.
[[nodiscard]] QByteArray jsonOf(const QJsonValue &value);

} // namespace delta::admin

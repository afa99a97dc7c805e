#include "gateway/admin/json_text.h"

#include "shared/core/decimal.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace delta::admin {

/// Writes the comma between two values of one object or array.
void JsonText::separate()
{
    if (!m_text.isEmpty() && !QByteArrayView("{[:").contains(m_text.back())) {
        m_text.append(',');
    }
}

void JsonText::begin(char bracket)
{
    separate();
    m_text.append(bracket);
}

void JsonText::end(char bracket)
{
    m_text.append(bracket);
}

void JsonText::name(QLatin1StringView name)
{
    separate();
    const qsizetype begin = m_text.size();
    m_text.resize(begin + name.size() + 3);
    char *const text = m_text.data() + begin;
    text[0] = '"';
    std::ranges::copy(name, text + 1);
    text[name.size() + 1] = '"';
    text[name.size() + 2] = ':';
}

void JsonText::append(qint64 number)
{
    std::array<char, 20> digits;
    const char *const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    m_text.append(digits.data(), end - digits.data());
}

void JsonText::member(QLatin1StringView name, qint64 number)
{
    this->name(name);
    append(number);
}

void JsonText::member(QLatin1StringView name, qint64 value, int decimals)
{
    this->name(name);
    appendDecimal(m_text, value, decimals);
}

void JsonText::member(QLatin1StringView name, const QJsonValue &value)
{
    member(name, jsonOf(value));
}

void JsonText::member(QLatin1StringView name, const QByteArray &json)
{
    this->name(name);
    m_text.append(json);
}

QByteArray JsonText::take()
{
    return std::exchange(m_text, {});
}

QByteArray jsonOf(const QJsonValue &value)
{
    // A value alone is no document for Qt.
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return list.sliced(1, list.size() - 2);
}

} // namespace delta::admin

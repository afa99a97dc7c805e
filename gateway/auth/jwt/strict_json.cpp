#include "gateway/auth/jwt/strict_json.h"

#include <QJsonArray>
#include <QJsonValue>
#include <QString>
#include <QStringDecoder>
#include <simdjson.h>

#include <string_view>

namespace delta::auth {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t deepest = 16;

/// QString::fromUtf8() drops a byte order mark at the begin: a name that has one would be somebody else's without it.
QString textOf(std::string_view text)
{
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringConverter::Flag::Stateless
                               | QStringConverter::Flag::ConvertInitialBom);
    return decoder(QByteArrayView(text.data(), qsizetype(text.size())));
}

std::optional<QJsonValue> valueOf(const dom::element &element);

std::optional<QJsonValue> arrayOf(const dom::array &array)
{
    QJsonArray values;
    for (const dom::element element : array) {
        const auto value = valueOf(element);
        if (!value) {
            return std::nullopt;
        }
        values.append(*value);
    }
    return QJsonValue(values);
}

std::optional<QJsonValue> objectOf(const dom::object &object)
{
    QJsonObject members;
    for (const dom::key_value_pair member : object) {
        const QString name = textOf(member.key);
        const auto value = valueOf(member.value);
        if (!value || members.contains(name)) {
            return std::nullopt;
        }
        members.insert(name, *value);
    }
    return QJsonValue(members);
}

/// The parser has seen to the depth.
std::optional<QJsonValue> valueOf(const dom::element &element)
{
    switch (element.type()) {
    case dom::element_type::ARRAY:
        return arrayOf(element.get_array().value_unsafe());
    case dom::element_type::OBJECT:
        return objectOf(element.get_object().value_unsafe());
    case dom::element_type::INT64:
        return QJsonValue(qint64(element.get_int64().value_unsafe()));
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE:
        return QJsonValue(element.get_double().value_unsafe());
    case dom::element_type::STRING:
        return QJsonValue(textOf(element.get_string().value_unsafe()));
    case dom::element_type::BOOL:
        return QJsonValue(element.get_bool().value_unsafe());
    case dom::element_type::NULL_VALUE:
        return QJsonValue(QJsonValue::Null);
    default:
        return std::nullopt;
    }
}

} // namespace

std::optional<QJsonObject> parseStrictObject(QByteArrayView text)
{
    if (text.isEmpty() || text.startsWith("\xEF\xBB\xBF")) {
        return std::nullopt; // The parser would pass over a byte order mark.
    }
    const auto size = static_cast<std::size_t>(text.size());
    dom::parser parser;
    dom::element root;
    if (parser.allocate(size, deepest) != simdjson::SUCCESS
        || parser.parse(text.data(), size).get(root) != simdjson::SUCCESS || !root.is_object()) {
        return std::nullopt;
    }
    const auto value = valueOf(root);
    return value ? std::optional(value->toObject()) : std::nullopt;
}

} // namespace delta::auth

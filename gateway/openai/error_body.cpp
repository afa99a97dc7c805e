#include "gateway/openai/error_body.h"

#include <algorithm>
#include <chrono>

namespace delta::openai {

namespace {

constexpr char hexDigits[] = "0123456789abcdef";

void appendEscaped(QByteArray &json, char byte)
{
    switch (byte) {
    case '"':
    case '\\':
        json += '\\';
        json += byte;
        return;
    case '\n':
        json += "\\n";
        return;
    case '\t':
        json += "\\t";
        return;
    default:
        break;
    }
    const auto code = static_cast<unsigned char>(byte);
    if (code >= 0x20) {
        json += byte;
        return;
    }
    json += "\\u00";
    json += hexDigits[code >> 4];
    json += hexDigits[code & 0xF];
}

void appendString(QByteArray &json, QByteArrayView text)
{
    json += '"';
    for (const char byte : text) {
        appendEscaped(json, byte);
    }
    json += '"';
}

void appendStringOrNull(QByteArray &json, QByteArrayView text)
{
    if (text.isEmpty()) {
        json += "null";
        return;
    }
    appendString(json, text);
}

} // namespace

QByteArray errorBody(const ErrorFields &fields)
{
    QByteArray json;
    json.reserve(fields.message.size() + fields.param.size() + 160);
    json += R"({"error":{"message":)";
    appendString(json, fields.message);
    json += R"(,"type":)";
    appendString(json, fields.type);
    json += R"(,"param":)";
    appendStringOrNull(json, fields.param);
    json += R"(,"code":)";
    appendStringOrNull(json, fields.code);
    json += "}}";
    return json;
}

QByteArray errorBody(const ApiError &error)
{
    // QString::toUtf8() replaces half a surrogate pair, so the body is always valid UTF-8.
    const QByteArray message = error.message.toUtf8();
    const QByteArray param = error.param.toUtf8();
    const QByteArray code = error.codeText().toUtf8();
    const QLatin1StringView type = error.type();
    return errorBody({message, {type.data(), type.size()}, param, code});
}

QByteArray retryAfterValue(const ApiError &error)
{
    if (!error.retryAfter) {
        return {};
    }
    constexpr std::chrono::seconds shortest{1};
    constexpr std::chrono::seconds longest = std::chrono::days(1);
    return QByteArray::number(qint64(std::clamp(*error.retryAfter, shortest, longest).count()));
}

} // namespace delta::openai

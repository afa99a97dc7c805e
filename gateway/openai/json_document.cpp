#include "gateway/openai/json_document.h"

#include "gateway/openai/json_walk.h"

#include <simdjson.h>
#include <yyjson.h>

namespace delta::openai {

using namespace Qt::StringLiterals;

namespace {

/// Returns the end of the value that begins at `begin` in a checked document.
qsizetype endOfContainer(QByteArrayView body, qsizetype begin)
{
    int depth = 0;
    for (qsizetype at = begin; at < body.size(); ++at) {
        const char byte = body[at];
        if (byte == '"') {
            for (++at; body[at] != '"'; ++at) {
                at += body[at] == '\\' ? 1 : 0;
            }
        } else if (byte == '{' || byte == '[') {
            ++depth;
        } else if ((byte == '}' || byte == ']') && --depth == 0) {
            return at + 1;
        }
    }
    return body.size();
}

/// One per thread, because it keeps its buffers from one body to the next.
simdjson::ondemand::parser &parser()
{
    thread_local simdjson::ondemand::parser instance;
    return instance;
}

} // namespace

Result<JsonDocument> JsonDocument::check(const QByteArray &body)
{
    if (body.isEmpty()) {
        return failure(
            ApiError::invalidRequest(u"The request body is empty; a JSON object is expected."_s));
    }
    // The parser would skip it, and every offset would be off.
    if (body.startsWith("\xEF\xBB\xBF")) {
        return failure(ApiError::invalidRequest(
            u"The request body begins with a byte order mark (at byte 0)."_s));
    }
    const auto size = static_cast<std::size_t>(body.size());
    simdjson::padded_string copy;
    simdjson::padded_string_view view(body.constData(), size,
                                      static_cast<std::size_t>(body.capacity()));
    if (view.capacity() < size + simdjson::SIMDJSON_PADDING) {
        copy = simdjson::padded_string(body.constData(), size);
        view = copy;
    }
    simdjson::ondemand::document document;
    if (const auto code = parser().iterate(view).get(document); code != simdjson::SUCCESS) {
        return failure(jsonSyntaxError(body, QLatin1StringView(simdjson::error_message(code))));
    }
    JsonDocument checked;
    TRY(checked.m_members, JsonWalk(body, view.data()).run(document));
    checked.m_closingBrace = body.lastIndexOf('}');
    return checked;
}

const JsonMember *JsonDocument::find(QByteArrayView key) const
{
    for (const JsonMember &member : m_members) {
        if (member.key == key) {
            return &member;
        }
    }
    return nullptr;
}

JsonSpan JsonDocument::wholeValue(QByteArrayView body, const JsonMember &member)
{
    if (!contains(JsonType::Object | JsonType::Array, member.type)) {
        return member.value;
    }
    return {member.value.begin, endOfContainer(body, member.value.begin)};
}

QByteArray unescaped(QByteArrayView quoted)
{
    const QByteArrayView inner = quoted.size() < 2 ? QByteArrayView()
                                                   : quoted.sliced(1, quoted.size() - 2);
    if (!inner.contains('\\')) {
        return inner.toByteArray();
    }
    yyjson_doc *document = yyjson_read(quoted.data(), static_cast<std::size_t>(quoted.size()), 0);
    if (!document) {
        // A lone surrogate has no UTF-8 form; its escape stays as it is.
        return inner.toByteArray();
    }
    yyjson_val *text = yyjson_doc_get_root(document);
    const QByteArray result(yyjson_get_str(text), static_cast<qsizetype>(yyjson_get_len(text)));
    yyjson_doc_free(document);
    return result;
}

QByteArray jsonString(QByteArrayView text)
{
    static constexpr char hex[] = "0123456789abcdef";
    QByteArray result;
    result.reserve(text.size() + 2);
    result += '"';
    for (const char byte : text) {
        if (byte == '"' || byte == '\\') {
            result += '\\';
            result += byte;
        } else if (static_cast<unsigned char>(byte) < 0x20) {
            result += "\\u00";
            result += hex[(byte >> 4) & 0xF];
            result += hex[byte & 0xF];
        } else {
            result += byte;
        }
    }
    result += '"';
    return result;
}

} // namespace delta::openai

#include "gateway/openai/json_walk.h"

#include <yyjson.h>

#include <algorithm>
#include <optional>

namespace delta::openai {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t fewKeys = 16;

/// Says whether a text is media in the request itself and no words: a data URL (RFC 2397).
bool isDataUrl(std::string_view text)
{
    constexpr std::size_t longestType = 256;
    return text.starts_with("data:")
        && text.substr(0, longestType).find(";base64,") != std::string_view::npos;
}

std::string_view trimmed(std::string_view token)
{
    const auto last = token.find_last_not_of(" \t\r\n");
    return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::size_t skipDigits(std::string_view text, std::size_t at)
{
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
        ++at;
    }
    return at;
}

/// Follows the grammar of RFC 8259 §6; the size of a number is none of our business.
bool isNumber(std::string_view text)
{
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t integer = at;
    at = skipDigits(text, at);
    if (at == integer || (text[integer] == '0' && at > integer + 1)) {
        return false;
    }
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = at + 1;
        at = skipDigits(text, fraction);
        if (at == fraction) {
            return false;
        }
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        std::size_t exponent = at + 1;
        if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) {
            ++exponent;
        }
        at = skipDigits(text, exponent);
        if (at == exponent) {
            return false;
        }
    }
    return at == text.size();
}

std::optional<JsonType> typeOf(char first)
{
    switch (first) {
    case '{':
        return JsonType::Object;
    case '[':
        return JsonType::Array;
    case '"':
        return JsonType::String;
    case 't':
    case 'f':
        return JsonType::Boolean;
    case 'n':
        return JsonType::Null;
    default:
        return (first == '-' || (first >= '0' && first <= '9')) ? std::optional(JsonType::Number)
                                                                : std::nullopt;
    }
}

} // namespace

JsonWalk::JsonWalk(const QByteArray &body, const char *base)
    : m_body(body)
    , m_base(base)
{
}

Result<std::vector<JsonMember>> JsonWalk::run(simdjson::ondemand::document &document)
{
    simdjson::ondemand::object root;
    if (const auto code = document.get_object().get(root); code != simdjson::SUCCESS) {
        if (code == simdjson::INCORRECT_TYPE) {
            return failure(ApiError::invalidRequest(u"The request body must be a JSON object."_s));
        }
        return syntaxError(code);
    }
    std::vector<JsonMember> members;
    members.reserve(fewKeys);
    for (auto result : root) {
        simdjson::ondemand::field field;
        if (const auto code = std::move(result).get(field); code != simdjson::SUCCESS) {
            return syntaxError(code);
        }
        TRY_VOID(member(field, members.emplace_back()));
    }
    m_pathLength = 0;
    if (!document.at_end()) {
        return failure(jsonSyntaxError(m_body, "content after the end of the object"_L1));
    }
    std::vector<std::string_view> keys;
    keys.reserve(members.size());
    for (const JsonMember &entry : members) {
        keys.emplace_back(entry.key.constData(), static_cast<std::size_t>(entry.key.size()));
    }
    TRY_VOID(checkUnique(keys, 0));
    return members;
}

Result<void> JsonWalk::member(simdjson::ondemand::field &field, JsonMember &out)
{
    std::string_view key;
    if (const auto code = field.unescaped_key(true).get(key); code != simdjson::SUCCESS) {
        return syntaxError(code);
    }
    out.key = QByteArray(key.data(), static_cast<qsizetype>(key.size()));
    m_path[0] = {key};
    m_pathLength = 1;
    const std::string_view token = field.value().raw_json_token();
    const auto type = token.empty() ? std::nullopt : typeOf(token.front());
    if (!type) {
        return failure(jsonSyntaxError(m_body, "invalid value"_L1));
    }
    out.type = *type;
    out.value.begin = offsetOf(token.data());
    out.value.end = out.value.begin + static_cast<qsizetype>(trimmed(token).size());
    return value(field.value(), 1, out);
}

Result<void> JsonWalk::value(Value value, int depth, JsonMember &top)
{
    const std::string_view token = value.raw_json_token();
    const auto type = token.empty() ? std::nullopt : typeOf(token.front());
    if (type == JsonType::String) {
        return string(value, top);
    }
    if (type != JsonType::Object && type != JsonType::Array) {
        return scalar(token);
    }
    if (depth >= JsonDocument::maxDepth) {
        return error(u"is nested deeper than %1 levels"_s.arg(JsonDocument::maxDepth),
                     offsetOf(token.data()));
    }
    return type == JsonType::Object ? object(value, depth, top) : array(value, depth, top);
}

Result<void> JsonWalk::object(Value value, int depth, JsonMember &top)
{
    const qsizetype offset = offsetOf(value.raw_json_token().data());
    simdjson::ondemand::object object;
    if (const auto code = value.get_object().get(object); code != simdjson::SUCCESS) {
        return syntaxError(code);
    }
    std::vector<std::string_view> keys;
    const int level = m_pathLength;
    for (auto result : object) {
        simdjson::ondemand::field field;
        std::string_view key;
        if (const auto code = std::move(result).get(field); code != simdjson::SUCCESS) {
            return syntaxError(code);
        }
        if (const auto code = field.unescaped_key(true).get(key); code != simdjson::SUCCESS) {
            return syntaxError(code);
        }
        keys.push_back(key);
        m_path[static_cast<std::size_t>(level)] = {key};
        m_pathLength = level + 1;
        TRY_VOID(this->value(field.value(), depth + 1, top));
        m_pathLength = level;
    }
    return checkUnique(keys, offset);
}

Result<void> JsonWalk::array(Value value, int depth, JsonMember &top)
{
    simdjson::ondemand::array array;
    if (const auto code = value.get_array().get(array); code != simdjson::SUCCESS) {
        return syntaxError(code);
    }
    const int level = m_pathLength;
    qsizetype index = 0;
    for (auto result : array) {
        Value element;
        if (const auto code = std::move(result).get(element); code != simdjson::SUCCESS) {
            return syntaxError(code);
        }
        const std::string_view token = element.raw_json_token();
        const auto type = token.empty() ? std::nullopt : typeOf(token.front());
        top.numberCount += type == JsonType::Number ? 1 : 0;
        if (depth == 1) {
            top.elementTypes = top.elementTypes | type.value_or(JsonType::Null);
            ++top.elementCount;
        }
        m_path[static_cast<std::size_t>(level)] = {{}, index++};
        m_pathLength = level + 1;
        TRY_VOID(this->value(element, depth + 1, top));
        m_pathLength = level;
    }
    return {};
}

Result<void> JsonWalk::string(Value value, JsonMember &top)
{
    std::string_view text;
    if (const auto code = value.get_string(true).get(text); code != simdjson::SUCCESS) {
        return syntaxError(code);
    }
    countText(text, top);
    return {};
}

/// Tells words from media. Only the content parts of a message hold media; what looks like it elsewhere is
/// read by the model as text.
void JsonWalk::countText(std::string_view text, JsonMember &top) const
{
    constexpr int partDepth = 4; // messages, index, content, index
    const auto step = [this](int index) { return m_path[static_cast<std::size_t>(index)].key; };
    const bool isInPart = m_pathLength > partDepth && step(0) == "messages" && step(2) == "content";
    const std::string_view part = isInPart ? step(partDepth) : std::string_view();
    const bool isAudio = part == "input_audio" || part == "audio_url";
    const bool isFile = part == "file" || part == "file_url" || part == "document_url";
    const bool isMedia = isAudio || isFile || part == "image_url" || part == "video_url";
    const std::string_view name = isMedia ? step(m_pathLength - 1) : std::string_view();
    const bool isInline = isMedia && (isDataUrl(text) || (part == "input_audio" && name == "data"));
    const bool isContent = isInline
        || (isMedia && (name == part || name == "url" || name == "file_data" || name == "file_id"));
    if (!isContent) {
        top.textBytes += static_cast<qsizetype>(text.size());
        return;
    }
    ++top.mediaParts;
    top.hasAudio = top.hasAudio || isAudio;
    // A file may be text, of which each byte may be a token.
    top.mediaBytes += isInline && !isFile ? static_cast<qsizetype>(text.size()) : 0;
}

Result<void> JsonWalk::scalar(std::string_view token)
{
    const std::string_view text = trimmed(token);
    if (text == "true" || text == "false" || text == "null" || isNumber(text)) {
        return {};
    }
    return failure(jsonSyntaxError(m_body, "invalid value"_L1));
}

Result<void> JsonWalk::checkUnique(std::vector<std::string_view> &keys, qsizetype offset)
{
    const auto fail = [this, offset](std::string_view key) {
        return error(u"holds the name \"%1\" more than once"_s.arg(QString::fromUtf8(
                         key.data(), std::min<qsizetype>(64, static_cast<qsizetype>(key.size())))),
                     offset);
    };
    if (keys.size() > fewKeys) {
        std::ranges::sort(keys);
        const auto twin = std::ranges::adjacent_find(keys);
        return twin == keys.end() ? Result<void>() : fail(*twin);
    }
    for (std::size_t later = 1; later < keys.size(); ++later) {
        for (std::size_t earlier = 0; earlier < later; ++earlier) {
            if (keys[earlier] == keys[later]) {
                return fail(keys[later]);
            }
        }
    }
    return {};
}

std::unexpected<ApiError> JsonWalk::syntaxError(simdjson::error_code code) const
{
    return failure(jsonSyntaxError(m_body, QLatin1StringView(simdjson::error_message(code))));
}

std::unexpected<ApiError> JsonWalk::error(const QString &what, qsizetype offset) const
{
    const QString where = path();
    return failure(ApiError::invalidRequest(
        where.isEmpty() ? u"The request body %1 (at byte %2)."_s.arg(what).arg(offset)
                        : u"'%1' %2 (at byte %3)."_s.arg(where, what).arg(offset),
        where));
}

QString JsonWalk::path() const
{
    QString text;
    for (int step = 0; step < m_pathLength; ++step) {
        const Step &entry = m_path[static_cast<std::size_t>(step)];
        if (entry.index >= 0) {
            text += u"[%1]"_s.arg(entry.index);
        } else {
            text += (text.isEmpty() ? u""_s : u"."_s)
                + QString::fromUtf8(entry.key.data(), static_cast<qsizetype>(entry.key.size()));
        }
        if (text.size() > 256) {
            return text.first(256) + u"…"_s;
        }
    }
    return text;
}

qsizetype JsonWalk::offsetOf(const char *position) const
{
    return position - m_base;
}

ApiError jsonSyntaxError(const QByteArray &body, QLatin1StringView fallback)
{
    yyjson_read_err problem{};
    // Not changed without INSITU.
    yyjson_doc *document = yyjson_read_opts(const_cast<char *>(body.constData()),
                                            static_cast<std::size_t>(body.size()),
                                            YYJSON_READ_NUMBER_AS_RAW, nullptr, &problem);
    if (document) {
        yyjson_doc_free(document);
        return ApiError::invalidRequest(u"The request body is not valid JSON: %1."_s.arg(fallback));
    }
    return ApiError::invalidRequest(u"The request body is not valid JSON: %1 (at byte %2)."_s.arg(
        QString::fromUtf8(problem.msg), QString::number(problem.pos)));
}

} // namespace delta::openai

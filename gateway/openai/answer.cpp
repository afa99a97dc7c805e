#include "gateway/openai/answer.h"

#include "gateway/openai/usage_json.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace delta::openai {

using namespace Qt::StringLiterals;
namespace ondemand = simdjson::ondemand;

namespace {

/// Says whether a value is null. What only begins like it is an error, which comes up later.
bool isNull(ondemand::value value)
{
    bool result = false;
    return value.is_null().get(result) == simdjson::SUCCESS && result;
}

/// Says whether a finish_reason names one. Some providers send an empty text with every event.
bool isReason(std::string_view token)
{
    return token.starts_with('"') && !token.starts_with(R"("")");
}

/// Says whether a tier is none of those that cost the published price. The token may have blanks behind.
bool isOwnTier(std::string_view token)
{
    constexpr std::array<std::string_view, 5> usual{"null", R"("auto")", R"("default")",
                                                    R"("standard")", R"("on_demand")"};
    return std::ranges::none_of(usual,
                                [token](std::string_view name) { return token.starts_with(name); });
}

/// Reads an answer, from a padded copy where the bytes are not padded themselves: the parser reads
/// beyond the end, and a stream's buffer ends anywhere.
class AnswerReader
{
public:
    AnswerReader(QByteArrayView json, const TextVisitor &onText, qsizetype capacity)
        : m_json(json)
        , m_onText(onText)
        , m_capacity(static_cast<std::size_t>(std::max(json.size(), capacity)))
    {
    }

    bool read(AnswerFacts &facts);

private:
    bool member(ondemand::field field, AnswerFacts &facts);
    bool usage(ondemand::field field, AnswerFacts &facts);
    bool choices(ondemand::value value, AnswerFacts &facts);
    bool choice(ondemand::value value, qint64 place, AnswerFacts &facts);
    void text(ondemand::value value);
    void message(ondemand::value value);
    void toolCalls(ondemand::value value);
    void function(ondemand::value value);
    [[nodiscard]] JsonSpan memberSpan(qsizetype keyBegin, qsizetype valueBegin,
                                      bool isObject) const;
    void pad();

    QByteArrayView m_json;
    const TextVisitor &m_onText;
    std::size_t m_capacity; ///< Bytes that may be read from m_base on.
    const char *m_base = nullptr;
};

/// Makes sure that the parser may read beyond the end.
void AnswerReader::pad()
{
    thread_local std::vector<char> buffer;
    const auto size = static_cast<std::size_t>(m_json.size());
    const std::size_t needed = size + simdjson::SIMDJSON_PADDING;
    m_base = m_json.data();
    if (m_capacity < needed) {
        buffer.resize(std::max(buffer.size(), needed));
        std::ranges::copy(m_json, buffer.begin()); // Not memcpy(), which refuses an empty view.
        m_base = buffer.data();
        m_capacity = buffer.size();
    }
}

bool AnswerReader::read(AnswerFacts &facts)
{
    thread_local ondemand::parser parser;
    pad();
    ondemand::document document;
    ondemand::object root;
    if (parser.iterate(m_base, static_cast<std::size_t>(m_json.size()), m_capacity).get(document)
            != simdjson::SUCCESS
        || document.get_object().get(root) != simdjson::SUCCESS) {
        return false;
    }
    for (auto result : root) {
        ondemand::field field;
        if (std::move(result).get(field) != simdjson::SUCCESS || !member(field, facts)) {
            return false;
        }
    }
    return document.at_end();
}

bool AnswerReader::member(ondemand::field field, AnswerFacts &facts)
{
    const std::string_view key = field.escaped_key();
    if (key == "usage") {
        return usage(field, facts);
    }
    if (key == "choices") {
        return choices(field.value(), facts);
    }
    if (key == "service_tier") {
        facts.hasOwnTier = isOwnTier(field.value().raw_json_token());
    } else if (key == "error") {
        facts.hasError = facts.hasError || !isNull(field.value());
    } else if (key == "object" || key == "type") {
        // {"object":"error","message":…} is how some servers say it without an `error` member.
        facts.hasError = facts.hasError || field.value().raw_json_token().starts_with(R"("error")");
    }
    return true;
}

bool AnswerReader::usage(ondemand::field field, AnswerFacts &facts)
{
    const char *keyBegin = field.escaped_key().data() - 1;
    ondemand::value value = field.value();
    const std::string_view token = value.raw_json_token();
    ondemand::object object;
    const bool isObject = token.starts_with('{');
    if (!isObject && !token.starts_with("null")) {
        facts.hasBadUsage = true;
        return true;
    }
    facts.usageMember = memberSpan(keyBegin - m_base, token.data() - m_base, isObject);
    if (isObject) {
        if (value.get_object().get(object) != simdjson::SUCCESS) {
            return false;
        }
        facts.usage = readUsage(object);
        facts.hasBadUsage = !facts.usage.has_value();
    }
    return true;
}

/// Finds the member's bytes together with the comma before it or, for the first member, behind it.
JsonSpan AnswerReader::memberSpan(qsizetype keyBegin, qsizetype valueBegin, bool isObject) const
{
    JsonMember value;
    value.type = isObject ? JsonType::Object : JsonType::Null;
    value.value = {valueBegin, valueBegin};
    JsonSpan span{keyBegin, JsonDocument::wholeValue(m_json, value).end};
    while (!isObject && span.end < m_json.size() && m_json[span.end] != ','
           && m_json[span.end] != '}') {
        ++span.end;
    }
    qsizetype before = keyBegin - 1;
    while (before > 0 && m_json[before] != ',' && m_json[before] != '{') {
        --before;
    }
    if (before > 0 && m_json[before] == ',') {
        span.begin = before;
        return span;
    }
    const qsizetype comma = m_json.indexOf(',', span.end);
    span.end = comma < 0 ? span.end : comma + 1;
    return span;
}

bool AnswerReader::choices(ondemand::value value, AnswerFacts &facts)
{
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) {
        return isNull(value);
    }
    qint64 place = 0;
    for (auto result : array) {
        ondemand::value element;
        if (std::move(result).get(element) != simdjson::SUCCESS
            || !choice(element, place++, facts)) {
            return false;
        }
        facts.hasChoices = true;
    }
    return true;
}

/// Reads a choice; one that does not say its index has that of its place in the array.
bool AnswerReader::choice(ondemand::value value, qint64 place, AnswerFacts &facts)
{
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) {
        return false;
    }
    bool isFinished = false;
    for (auto result : object) {
        ondemand::field field;
        if (std::move(result).get(field) != simdjson::SUCCESS) {
            return false;
        }
        const std::string_view key = field.escaped_key();
        if (key == "finish_reason") {
            isFinished = isReason(field.value().raw_json_token());
        } else if (key == "index") {
            std::int64_t index = 0;
            place = field.value().get_int64().get(index) == simdjson::SUCCESS ? index : place;
        } else if (m_onText && (key == "delta" || key == "message")) {
            message(field.value());
        } else if (m_onText && key == "text") {
            text(field.value());
        }
    }
    if (isFinished) {
        facts.finishedChoices.push_back(place);
    }
    return true;
}

void AnswerReader::text(ondemand::value value)
{
    std::string_view piece;
    if (value.get_string(true).get(piece) == simdjson::SUCCESS) {
        m_onText(QByteArrayView(piece.data(), static_cast<qsizetype>(piece.size())));
    }
}

void AnswerReader::message(ondemand::value value)
{
    static constexpr std::array<std::string_view, 4> texts{"content", "reasoning_content",
                                                           "reasoning", "refusal"};
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) {
        return;
    }
    for (auto result : object) {
        ondemand::field field;
        if (std::move(result).get(field) != simdjson::SUCCESS) {
            return;
        }
        const std::string_view key = field.escaped_key();
        if (std::ranges::find(texts, key) != texts.end()) {
            text(field.value());
        } else if (key == "tool_calls") {
            toolCalls(field.value());
        } else if (key == "function_call") {
            function(field.value());
        }
    }
}

void AnswerReader::toolCalls(ondemand::value value)
{
    ondemand::array calls;
    if (value.get_array().get(calls) != simdjson::SUCCESS) {
        return;
    }
    for (auto result : calls) {
        ondemand::value called;
        if (std::move(result).get(called) != simdjson::SUCCESS) {
            return;
        }
        ondemand::value named;
        if (called.find_field_unordered("function").get(named) == simdjson::SUCCESS) {
            function(named);
        }
    }
}

void AnswerReader::function(ondemand::value value)
{
    for (const std::string_view name : {"name", "arguments"}) {
        ondemand::value part;
        if (value.find_field_unordered(name).get(part) == simdjson::SUCCESS) {
            text(part);
        }
    }
}

} // namespace

Result<AnswerFacts> readAnswer(QByteArrayView json, const TextVisitor &onText, qsizetype capacity)
{
    AnswerFacts facts;
    if (!AnswerReader(json, onText, capacity).read(facts)) {
        return failure(ApiError::upstream(
            ErrorKind::UpstreamInvalid, u"The provider sent something that is not a JSON object."_s,
            u"%1 bytes"_s.arg(json.size())));
    }
    return facts;
}

} // namespace delta::openai

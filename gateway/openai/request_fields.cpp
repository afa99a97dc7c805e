#include "gateway/openai/request_fields.h"

#include <QStringList>

#include <array>
#include <utility>

namespace delta::openai {

using namespace Qt::StringLiterals;

namespace {

using enum JsonType;

constexpr JsonTypes text = String | Null;
constexpr JsonTypes number = Number | Null;
constexpr JsonTypes flag = Boolean | Null;
constexpr JsonTypes object = Object | Null;
constexpr JsonTypes list = Array | Null;
constexpr JsonTypes only(JsonType type)
{
    return static_cast<JsonTypes>(type);
}

constexpr std::array chatRules{
    FieldRule{"model", only(String), 0, Presence::Required},
    FieldRule{"messages", only(Array), only(Object), Presence::Required},
    FieldRule{"stream", flag},
    FieldRule{"stream_options", object},
    FieldRule{"temperature", number},
    FieldRule{"top_p", number},
    FieldRule{"n", number},
    FieldRule{"max_tokens", number},
    FieldRule{"max_completion_tokens", number},
    FieldRule{"presence_penalty", number},
    FieldRule{"frequency_penalty", number},
    FieldRule{"seed", number},
    FieldRule{"logprobs", flag},
    FieldRule{"top_logprobs", number},
    FieldRule{"logit_bias", object},
    FieldRule{"stop", text | Array, only(String)},
    FieldRule{"tools", list, only(Object)},
    FieldRule{"tool_choice", text | Object},
    FieldRule{"parallel_tool_calls", flag},
    FieldRule{"response_format", object},
    FieldRule{"user", text},
    FieldRule{"metadata", object},
    FieldRule{"store", flag},
    FieldRule{"reasoning_effort", text},
    FieldRule{"service_tier", text},
    FieldRule{"modalities", list, only(String)},
};

constexpr std::array completionRules{
    FieldRule{"model", only(String), 0, Presence::Required},
    FieldRule{"prompt", text | Array, String | Number | Array, Presence::Required},
    FieldRule{"stream", flag},
    FieldRule{"stream_options", object},
    FieldRule{"max_tokens", number},
    FieldRule{"temperature", number},
    FieldRule{"top_p", number},
    FieldRule{"n", number},
    FieldRule{"best_of", number},
    FieldRule{"logprobs", number},
    FieldRule{"echo", flag},
    FieldRule{"suffix", text},
    FieldRule{"stop", text | Array, only(String)},
    FieldRule{"presence_penalty", number},
    FieldRule{"frequency_penalty", number},
    FieldRule{"seed", number},
    FieldRule{"logit_bias", object},
    FieldRule{"user", text},
};

constexpr std::array embeddingRules{
    FieldRule{"model", only(String), 0, Presence::Required},
    FieldRule{"input", String | Array, String | Number | Array, Presence::Required},
    FieldRule{"encoding_format", text},
    FieldRule{"dimensions", number},
    FieldRule{"user", text},
};

QString describe(JsonTypes types)
{
    static constexpr std::array<std::pair<JsonType, QLatin1StringView>, 6> names{{
        {String, "a string"_L1},
        {Number, "a number"_L1},
        {Boolean, "true or false"_L1},
        {Array, "an array"_L1},
        {Object, "an object"_L1},
        {Null, "null"_L1},
    }};
    QStringList parts;
    for (const auto &[type, name] : names) {
        if (contains(types, type)) {
            parts.append(name);
        }
    }
    return parts.join(" or "_L1);
}

std::unexpected<ApiError> wrong(const FieldRule &rule, const QString &what, qsizetype offset)
{
    const QString name = QString::fromUtf8(rule.name);
    return failure(ApiError::invalidRequest(
        u"'%1' must be %2 (at byte %3)."_s.arg(name, what).arg(offset), name));
}

Result<void> checkField(const FieldRule &rule, const JsonMember &member)
{
    if (!contains(rule.types, member.type)) {
        return wrong(rule, describe(rule.types), member.value.begin);
    }
    if (member.type != Array) {
        return {};
    }
    if (rule.elementTypes != 0 && (member.elementTypes & ~rule.elementTypes) != 0) {
        return wrong(rule, u"an array whose elements are each "_s + describe(rule.elementTypes),
                     member.value.begin);
    }
    if (rule.presence == Presence::Required && member.elementCount == 0) {
        return wrong(rule, u"an array with at least one element"_s, member.value.begin);
    }
    return {};
}

} // namespace

std::span<const FieldRule> fieldRules(Operation operation)
{
    switch (operation) {
    case Operation::ChatCompletion:
        return chatRules;
    case Operation::Completion:
        return completionRules;
    case Operation::Embedding:
        return embeddingRules;
    }
    Q_UNREACHABLE_RETURN({});
}

Result<void> checkFields(const JsonDocument &document, Operation operation)
{
    for (const FieldRule &rule : fieldRules(operation)) {
        const JsonMember *member = document.find(rule.name);
        if (member) {
            TRY_VOID(checkField(rule, *member));
        } else if (rule.presence == Presence::Required) {
            const QString name = QString::fromUtf8(rule.name);
            return failure(
                ApiError::invalidRequest(u"'%1' is required and missing."_s.arg(name), name));
        }
    }
    return {};
}

} // namespace delta::openai

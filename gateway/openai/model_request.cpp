#include "gateway/openai/model_request.h"

#include "gateway/openai/request_fields.h"

#include <algorithm>
#include <utility>

namespace delta::openai {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxModelBytes = 256;
constexpr qsizetype maxUserBytes = 256;

/// A range of the body and what stands there instead.
struct Edit {
    JsonSpan where;
    QByteArray bytes;
};

bool isTrue(const JsonMember *member, QByteArrayView body)
{
    return member && member->type == JsonType::Boolean && member->value.of(body) == "true";
}

Result<void> readModel(ModelRequest &request, const JsonMember &member)
{
    request.modelSpan = member.value;
    request.model = unescaped(member.value.of(request.body));
    if (request.model.isEmpty() || request.model.size() > maxModelBytes) {
        return failure(ApiError::invalidRequest(
            u"'model' must name a model in 1 to %1 bytes (at byte %2)."_s.arg(maxModelBytes)
                .arg(member.value.begin),
            u"model"_s));
    }
    return {};
}

Result<void> readChoices(ModelRequest &request, const JsonMember *member)
{
    if (!member || member->type != JsonType::Number) {
        return {};
    }
    QByteArrayView text = member->value.of(request.body);
    if (text.endsWith(".0")) {
        text.chop(2); // What is an integer to JSON Schema is one here.
    }
    bool isInteger = false;
    request.choices = text.toLongLong(&isInteger);
    if (!isInteger || request.choices < 1) {
        return failure(ApiError::invalidRequest(
            u"'n' must be a whole number of at least 1 (at byte %1)."_s.arg(member->value.begin),
            u"n"_s));
    }
    return {};
}

/// Counts the prompts of a completion. A list of numbers is one prompt, of tokens.
void readPrompts(ModelRequest &request, const JsonMember *member)
{
    if (request.operation == Operation::Completion && member && member->type == JsonType::Array
        && !contains(member->elementTypes, JsonType::Number)) {
        request.prompts = member->elementCount;
    }
}

/// Reads `stream_options` as a document of its own: it is small, rare, and already checked.
Result<void> readStreamOptions(ModelRequest &request, const JsonMember *member)
{
    if (!member) {
        return {};
    }
    const JsonSpan span = JsonDocument::wholeValue(request.body, *member);
    request.streamOptions = span;
    if (member->type != JsonType::Object) {
        return {};
    }
    const QByteArray options = span.of(request.body).toByteArray();
    TRY(const JsonDocument document, JsonDocument::check(options));
    const JsonMember *usage = document.find("include_usage");
    if (!usage) {
        return {};
    }
    if (!contains(JsonType::Boolean | JsonType::Null, usage->type)) {
        return failure(ApiError::invalidRequest(
            u"'stream_options.include_usage' must be true or false (at byte %1)."_s.arg(
                span.begin + usage->value.begin),
            u"stream_options.include_usage"_s));
    }
    request.wantsUsage = isTrue(usage, options);
    request.includeUsage = JsonSpan{span.begin + usage->value.begin, span.begin + usage->value.end};
    return {};
}

void measurePrompt(ModelRequest &request, const JsonDocument &document)
{
    for (const QByteArrayView name : {"messages", "prompt", "input", "tools", "response_format"}) {
        if (const JsonMember *member = document.find(name)) {
            request.inputTextBytes += member->textBytes;
        }
    }
    for (const QByteArrayView name : {"prompt", "input"}) {
        if (const JsonMember *member = document.find(name)) {
            request.inputTokenIds += member->numberCount;
        }
    }
}

/// Returns the edit that makes a stream report its usage; none if it does already.
std::optional<Edit> usageEdit(const ModelRequest &request)
{
    if (!request.isStream || request.wantsUsage) {
        return std::nullopt;
    }
    if (request.includeUsage) {
        return Edit{*request.includeUsage, "true"_ba};
    }
    if (!request.streamOptions) {
        return Edit{{request.closingBrace, request.closingBrace},
                    R"(,"stream_options":{"include_usage":true})"_ba};
    }
    const QByteArrayView options = request.streamOptions->of(request.body);
    if (!options.startsWith('{')) { // It is null.
        return Edit{*request.streamOptions, R"({"include_usage":true})"_ba};
    }
    const bool isEmpty = options.sliced(1, options.size() - 2).trimmed().isEmpty();
    const qsizetype inside = request.streamOptions->begin + 1;
    return Edit{{inside, inside},
                isEmpty ? R"("include_usage":true)"_ba : R"("include_usage":true,)"_ba};
}

} // namespace

Result<ModelRequest> ModelRequest::parse(QByteArray body, Operation operation)
{
    TRY(const JsonDocument document, JsonDocument::check(body));
    TRY_VOID(checkFields(document, operation));
    ModelRequest request;
    request.operation = operation;
    request.body = std::move(body);
    request.closingBrace = document.closingBrace();
    request.isStream = operation != Operation::Embedding
        && isTrue(document.find("stream"), request.body);
    measurePrompt(request, document);
    TRY_VOID(readModel(request, *document.find("model")));
    TRY_VOID(readChoices(request, document.find("n")));
    readPrompts(request, document.find("prompt"));
    TRY_VOID(readStreamOptions(request, document.find("stream_options")));
    if (const JsonMember *user = document.find("user"); user && user->type == JsonType::String) {
        request.endUser = unescaped(user->value.of(request.body)).left(maxUserBytes);
    }
    return request;
}

std::vector<QByteArray> bodyForUpstream(const ModelRequest &request, QByteArrayView upstreamModel,
                                        StreamUsage usage)
{
    std::vector<Edit> edits{{request.modelSpan, jsonString(upstreamModel)}};
    if (auto edit = usage == StreamUsage::OnRequest ? usageEdit(request) : std::nullopt) {
        edits.push_back(*std::move(edit));
    }
    std::ranges::sort(edits, {}, [](const Edit &edit) { return edit.where.begin; });
    std::vector<QByteArray> pieces;
    pieces.reserve(edits.size() * 2 + 1);
    qsizetype done = 0;
    const auto keep = [&](qsizetype end) {
        if (end > done) {
            pieces.push_back(QByteArray::fromRawData(request.body.constData() + done, end - done));
        }
    };
    for (Edit &edit : edits) {
        keep(edit.where.begin);
        pieces.push_back(std::move(edit.bytes));
        done = edit.where.end;
    }
    keep(request.body.size());
    return pieces;
}

} // namespace delta::openai

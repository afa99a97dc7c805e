#include "gateway/openai/model_request.h"

#include "gateway/openai/request_fields.h"
#include "shared/core/saturated.h"

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

/// Returns a whole number above zero; nothing for anything else.
std::optional<qint64> countOf(const JsonMember &member, QByteArrayView body)
{
    QByteArrayView text = member.value.of(body);
    if (text.endsWith(".0")) {
        text.chop(2); // What is an integer to JSON Schema is one here.
    }
    bool isInteger = false;
    const qint64 count = text.toLongLong(&isInteger);
    return isInteger && count > 0 ? std::optional(count) : std::nullopt;
}

/// Reads how many answers are asked for.
Result<void> readCount(qint64 &count, const QString &name, const JsonDocument &document,
                       QByteArrayView body)
{
    const JsonMember *member = document.find(name.toLatin1());
    if (!member || member->type != JsonType::Number) {
        return {};
    }
    const auto read = countOf(*member, body);
    if (!read) {
        return failure(ApiError::invalidRequest(
            u"'%1' must be a whole number of at least 1 (at byte %2)."_s.arg(name).arg(
                member->value.begin),
            name));
    }
    count = *read;
    return {};
}

/// A value that is no whole number is the provider's to judge; nothing is known of the length then, also if
/// another member says one.
void readOutputLimits(ModelRequest &request, const JsonDocument &document)
{
    const bool isChat = request.operation == Operation::ChatCompletion;
    bool isKnown = true;
    for (const QByteArrayView name : {"max_tokens", "max_completion_tokens"}) {
        const JsonMember *member = document.find(name);
        if (!member || (!isChat && name != "max_tokens")) {
            continue;
        }
        const auto tokens = member->type == JsonType::Number ? countOf(*member, request.body)
                                                             : std::nullopt;
        isKnown = isKnown && (tokens || member->type == JsonType::Null);
        request.hasMaxTokens = request.hasMaxTokens || name == "max_tokens";
        request.outputLimits.push_back({member->value, tokens});
        request.maxOutputTokens = std::max(request.maxOutputTokens, tokens);
    }
    if (!isKnown) {
        request.maxOutputTokens.reset();
    }
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

/// A token is at least one byte of text; what providers add to each message and each tool is less than
/// the JSON around it, and what they add for tools as such less than `forTools`. Of media only the size is
/// known: `forMedia` is more than an image in the finest detail takes with the larger providers.
void measureHighest(ModelRequest &request, const JsonDocument &document)
{
    constexpr qint64 forTools = 1024;
    constexpr qint64 forMedia = 4096;
    constexpr qint64 mediaBytesPerToken = 16;
    request.mostInputTokens = request.body.size();
    for (const JsonMember &member : document.members()) {
        request.mostInputTokens += member.mediaParts * forMedia - member.mediaBytes
            + member.mediaBytes / mediaBytesPerToken;
        request.mayHaveAudio = request.mayHaveAudio || member.hasAudio || member.key == "audio";
    }
    request.mostInputTokens += document.find("tools") ? forTools : 0;
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

void appendCap(const ModelRequest &request, qint64 cap, OutputLimitName name,
               std::vector<Edit> &edits)
{
    const QByteArray number = QByteArray::number(cap);
    for (const OutputLimit &limit : request.outputLimits) {
        if (!limit.tokens || *limit.tokens > cap) {
            edits.push_back({limit.where, number});
        }
    }
    const bool isNewer = name == OutputLimitName::MaxCompletionTokens
        && request.operation == Operation::ChatCompletion;
    // Who does not know the newer name may pass it over.
    if (request.outputLimits.empty() || (!isNewer && !request.hasMaxTokens)) {
        const QByteArray key = isNewer ? R"(,"max_completion_tokens":)"_ba : R"(,"max_tokens":)"_ba;
        edits.push_back({{request.closingBrace, request.closingBrace}, key + number});
    }
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
    measureHighest(request, document);
    TRY_VOID(readModel(request, *document.find("model")));
    TRY_VOID(readCount(request.choices, u"n"_s, document, request.body));
    if (operation == Operation::Completion) {
        TRY_VOID(readCount(request.drafts, u"best_of"_s, document, request.body));
    }
    readOutputLimits(request, document);
    readPrompts(request, document.find("prompt"));
    TRY_VOID(readStreamOptions(request, document.find("stream_options")));
    TRY(request.tags, RequestTags::read(request.body, document.find("metadata")));
    if (const JsonMember *user = document.find("user"); user && user->type == JsonType::String) {
        request.endUser = unescaped(user->value.of(request.body)).left(maxUserBytes);
    }
    return request;
}

qint64 ModelRequest::answers() const
{
    return operation == Operation::Embedding ? 0
                                             : saturatedProduct(std::max(choices, drafts), prompts);
}

qint64 ModelRequest::shownAnswers() const
{
    return operation == Operation::Embedding ? 0 : saturatedProduct(choices, prompts);
}

std::vector<QByteArray> bodyForUpstream(const ModelRequest &request, QByteArrayView upstreamModel,
                                        const DialectHabits &habits)
{
    std::vector<Edit> edits{{request.modelSpan, jsonString(upstreamModel)}};
    if (auto edit = habits.usage == StreamUsage::OnRequest ? usageEdit(request) : std::nullopt) {
        edits.push_back(*std::move(edit));
    }
    if (request.tags.metadata) {
        edits.push_back({*request.tags.metadata, request.tags.without});
    }
    if (request.outputCap) {
        appendCap(request, *request.outputCap, habits.outputLimit, edits);
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

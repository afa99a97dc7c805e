#include "gateway/providers/prompt_text.h"

#include <yyjson.h>

#include <memory>
#include <string_view>

namespace delta::providers {

namespace {

struct FreeDocument {
    void operator()(yyjson_doc *document) const
    {
        yyjson_doc_free(document);
    }
};

QByteArray textOf(yyjson_val *value)
{
    return {yyjson_get_str(value), static_cast<qsizetype>(yyjson_get_len(value))};
}

/// Joins the text of a message's content: a string, or parts of which those of type text count.
QByteArray contentText(yyjson_val *content)
{
    if (yyjson_is_str(content)) {
        return textOf(content);
    }
    QByteArray text;
    std::size_t index = 0;
    std::size_t count = 0;
    yyjson_val *part = nullptr;
    yyjson_arr_foreach(content, index, count, part)
    {
        if (yyjson_val *piece = yyjson_obj_get(part, "text"); yyjson_is_str(piece)) {
            text += text.isEmpty() ? QByteArray() : QByteArray(" ");
            text += textOf(piece);
        }
    }
    return text;
}

void readMessages(yyjson_val *messages, PromptText &prompt)
{
    QByteArray last;
    std::size_t index = 0;
    std::size_t count = 0;
    yyjson_val *message = nullptr;
    yyjson_arr_foreach(messages, index, count, message)
    {
        const QByteArray text = contentText(yyjson_obj_get(message, "content"));
        prompt.words += countWords(text);
        if (yyjson_equals_str(yyjson_obj_get(message, "role"), "user")) {
            last = text;
        }
    }
    prompt.inputs.push_back(last);
}

/// Reads a string, a list of strings, or token numbers, which echo as "<n>".
void readInputs(yyjson_val *value, PromptText &prompt)
{
    if (yyjson_is_str(value)) {
        prompt.inputs.push_back(textOf(value));
        prompt.words += countWords(prompt.inputs.back());
        return;
    }
    std::size_t index = 0;
    std::size_t count = 0;
    yyjson_val *item = nullptr;
    QByteArray tokens;
    yyjson_arr_foreach(value, index, count, item)
    {
        if (yyjson_is_num(item)) {
            tokens += '<' + QByteArray::number(yyjson_get_sint(item)) + "> ";
        } else {
            readInputs(item, prompt);
        }
    }
    if (!tokens.isEmpty()) {
        prompt.inputs.push_back(tokens.trimmed());
        prompt.words += countWords(tokens);
    }
}

qint64 firstNumber(yyjson_val *root, std::initializer_list<const char *> names)
{
    for (const char *name : names) {
        if (yyjson_val *value = yyjson_obj_get(root, name); yyjson_is_int(value)) {
            return yyjson_get_sint(value);
        }
    }
    return -1;
}

} // namespace

qint64 countWords(QByteArrayView text)
{
    qint64 words = 0;
    bool isInside = false;
    for (const char byte : text) {
        const bool isSpace = isWhiteSpace(byte);
        words += (!isSpace && !isInside) ? 1 : 0;
        isInside = !isSpace;
    }
    return words;
}

PromptText readPromptText(const openai::ModelRequest &request)
{
    PromptText prompt;
    const std::unique_ptr<yyjson_doc, FreeDocument> document(
        yyjson_read(request.body.constData(), static_cast<std::size_t>(request.body.size()),
                    YYJSON_READ_BIGNUM_AS_RAW));
    yyjson_val *root = yyjson_doc_get_root(document.get());
    switch (request.operation) {
    case openai::Operation::ChatCompletion:
        readMessages(yyjson_obj_get(root, "messages"), prompt);
        break;
    case openai::Operation::Completion:
        readInputs(yyjson_obj_get(root, "prompt"), prompt);
        break;
    case openai::Operation::Embedding:
        readInputs(yyjson_obj_get(root, "input"), prompt);
        break;
    }
    prompt.maxWords = firstNumber(root, {"max_completion_tokens", "max_tokens"});
    if (const qint64 cap = request.outputCap.value_or(-1);
        cap >= 0 && (prompt.maxWords < 0 || prompt.maxWords > cap)) {
        prompt.maxWords = cap;
    }
    prompt.dimensions = firstNumber(root, {"dimensions"});
    prompt.wantsBase64 = yyjson_equals_str(yyjson_obj_get(root, "encoding_format"), "base64");
    return prompt;
}

} // namespace delta::providers

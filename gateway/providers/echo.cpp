#include "gateway/providers/echo.h"

#include "gateway/providers/echo_embedding.h"
#include "gateway/providers/echo_limits.h"
#include "gateway/providers/prompt_text.h"

#include <algorithm>
#include <utility>

namespace delta::providers {

using openai::jsonString;
using openai::Operation;

namespace {

constexpr qint64 defaultWords = 4096;

/// What every object of one answer repeats.
struct Frame {
    QByteArray id;
    QByteArray created;
    QByteArray model;
    Operation operation = Operation::ChatCompletion;

    [[nodiscard]] QByteArray head(QByteArrayView object) const
    {
        return R"({"id":")" + id + R"(","object":")" + object.toByteArray() + R"(","created":)"
            + created + R"(,"model":)" + model;
    }
};

QByteArray usageText(const Usage &usage)
{
    const QByteArray total = QByteArray::number(usage.inputTokens + usage.outputTokens);
    return R"({"prompt_tokens":)" + QByteArray::number(usage.inputTokens)
        + R"(,"completion_tokens":)" + QByteArray::number(usage.outputTokens)
        + R"(,"total_tokens":)" + total + '}';
}

/// One choice to be spoken: its words, each with the white space before it, the last also with
/// what follows it.
struct Speech {
    std::vector<QByteArray> words;
    bool isCut = false; ///< The request allowed fewer words.
};

/// Returns where the word ends whose white space begins at `begin`.
qsizetype endOfWord(QByteArrayView text, qsizetype begin)
{
    const auto word = std::find_if_not(text.begin() + begin, text.end(), isWhiteSpace);
    const auto end = std::find_if(word, text.end(), isWhiteSpace);
    const bool isLast = std::all_of(end, text.end(), isWhiteSpace);
    return (isLast ? text.end() : end) - text.begin();
}

Speech speechOf(const QByteArray &text, qint64 maxWords)
{
    Speech speech;
    qsizetype begin = 0;
    while (begin < text.size()) {
        if (std::cmp_greater_equal(speech.words.size(), maxWords)) {
            speech.isCut = true;
            break;
        }
        const qsizetype end = endOfWord(text, begin);
        speech.words.push_back(text.sliced(begin, end - begin));
        begin = end;
    }
    return speech;
}

std::vector<Speech> speechesOf(const openai::ModelRequest &request, const PromptText &prompt)
{
    const qint64 cap = prompt.maxWords < 0 ? defaultWords : prompt.maxWords;
    std::vector<Speech> speeches;
    for (const QByteArray &input : prompt.inputs) {
        for (qint64 choice = 0; choice < request.choices; ++choice) {
            speeches.push_back(speechOf(input, cap));
        }
    }
    return speeches;
}

qint64 wordsOf(const std::vector<Speech> &speeches)
{
    qint64 words = 0;
    for (const Speech &speech : speeches) {
        words += static_cast<qint64>(speech.words.size());
    }
    return words;
}

QByteArrayView finishReason(const Speech &speech)
{
    return speech.isCut ? QByteArrayView(R"("length")") : QByteArrayView(R"("stop")");
}

/// An answer in one piece: one event.
class WholeAnswer final : public LocalAnswer
{
public:
    WholeAnswer(QByteArray body, const Usage &usage)
        : m_body(std::move(body))
    {
        m_state.reported = usage;
        m_state.producedTokens = usage.outputTokens;
        m_state.isComplete = true;
    }
    std::optional<ModelEvent> next() override
    {
        return m_body.isNull()
            ? std::nullopt
            : std::optional(ModelEvent{std::exchange(m_body, {}), m_state.producedTokens});
    }
    const AnswerState &state() const override
    {
        return m_state;
    }

private:
    QByteArray m_body;
    AnswerState m_state;
};

/// An answer word by word: chunks, the reasons why they end, the usage if it was asked for, and the
/// end mark.
class StreamedAnswer final : public LocalAnswer
{
public:
    StreamedAnswer(Frame frame, std::vector<Speech> speeches, const Usage &usage, bool sendsUsage)
        : m_frame(std::move(frame))
        , m_speeches(std::move(speeches))
        , m_usage(usage)
        , m_sendsUsage(sendsUsage)
    {
    }

    std::optional<ModelEvent> next() override
    {
        while (m_choice < m_speeches.size()) {
            const Speech &speech = m_speeches[m_choice];
            if (m_word < speech.words.size()) {
                ++m_state.producedTokens;
                return chunk(delta(speech.words[m_word++]), "null");
            }
            const QByteArrayView reason = finishReason(speech);
            ModelEvent event = chunk(
                m_frame.operation == Operation::ChatCompletion ? R"("delta":{})" : R"("text":"")",
                reason);
            ++m_choice;
            m_word = 0;
            return event;
        }
        return tail();
    }
    const AnswerState &state() const override
    {
        return m_state;
    }

private:
    [[nodiscard]] QByteArray delta(const QByteArray &word) const
    {
        if (m_frame.operation == Operation::Completion) {
            return R"("text":)" + jsonString(word);
        }
        const QByteArray role = m_word == 1 ? R"("role":"assistant",)" : "";
        return R"("delta":{)" + role + R"("content":)" + jsonString(word) + '}';
    }
    [[nodiscard]] ModelEvent chunk(const QByteArray &delta, QByteArrayView reason) const
    {
        return {"data: " + m_frame.head(object()) + R"(,"choices":[{"index":)"
                    + QByteArray::number(m_choice) + ',' + delta
                    + R"(,"logprobs":null,"finish_reason":)" + reason.toByteArray() + "}]}\n\n",
                m_state.producedTokens};
    }
    [[nodiscard]] QByteArrayView object() const
    {
        return m_frame.operation == Operation::ChatCompletion ? "chat.completion.chunk"
                                                              : "text_completion";
    }
    std::optional<ModelEvent> tail()
    {
        if (std::exchange(m_sendsUsage, false)) {
            return ModelEvent{"data: " + m_frame.head(object()) + R"(,"choices":[],"usage":)"
                                  + usageText(m_usage) + "}\n\n",
                              m_state.producedTokens};
        }
        if (!std::exchange(m_state.isComplete, true)) {
            m_state.reported = m_usage;
            return ModelEvent{"data: [DONE]\n\n", m_state.producedTokens};
        }
        return std::nullopt;
    }

    Frame m_frame;
    std::vector<Speech> m_speeches;
    Usage m_usage;
    bool m_sendsUsage;
    std::size_t m_choice = 0;
    std::size_t m_word = 0;
    AnswerState m_state;
};

QByteArray wholeBody(const Frame &frame, const std::vector<Speech> &speeches, const Usage &usage)
{
    const bool isChat = frame.operation == Operation::ChatCompletion;
    QByteArray choices;
    for (std::size_t index = 0; index < speeches.size(); ++index) {
        QByteArray text;
        for (const QByteArray &word : speeches[index].words) {
            text += word;
        }
        choices += (index == 0 ? R"({"index":)" : R"(,{"index":)") + QByteArray::number(index)
            + (isChat ? R"(,"message":{"role":"assistant","content":)" : R"(,"text":)")
            + jsonString(text) + (isChat ? R"(,"refusal":null})" : "")
            + R"(,"logprobs":null,"finish_reason":)" + finishReason(speeches[index]).toByteArray()
            + '}';
    }
    return frame.head(isChat ? "chat.completion" : "text_completion") + R"(,"choices":[)" + choices
        + R"(],"usage":)" + usageText(usage) + '}';
}

} // namespace

Result<std::unique_ptr<LocalAnswer>> EchoModel::answer(const openai::ModelRequest &request,
                                                       QByteArrayView id, WallTime now) const
{
    const PromptText prompt = readPromptText(request);
    TRY_VOID(checkEchoLimits(request, prompt));
    Usage usage;
    usage.inputTokens = prompt.words;
    if (request.operation == Operation::Embedding) {
        return std::make_unique<WholeAnswer>(embeddingBody(prompt, request.model, usage), usage);
    }
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    Frame frame{(request.operation == Operation::Completion ? "cmpl-" : "chatcmpl-")
                    + id.toByteArray(),
                QByteArray::number(seconds), jsonString(request.model), request.operation};
    std::vector<Speech> speeches = speechesOf(request, prompt);
    usage.outputTokens = wordsOf(speeches);
    if (!request.isStream) {
        return std::make_unique<WholeAnswer>(wholeBody(frame, speeches, usage), usage);
    }
    return std::make_unique<StreamedAnswer>(std::move(frame), std::move(speeches), usage,
                                            request.wantsUsage);
}

} // namespace delta::providers

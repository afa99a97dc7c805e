#include "gateway/providers/stream_decoder.h"

#include "gateway/openai/provider_error.h"

#include <utility>

namespace delta::providers {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView endMark = "[DONE]";
/// The name of an event that is an error, whatever its data looks like.
constexpr QByteArrayView errorName = "error";
/// The status that stands for an error which a provider put into a stream.
constexpr int errorInsideStream = 502;

void appendField(QByteArray &bytes, QByteArrayView name, QByteArrayView value)
{
    bytes.append(name).append(": ").append(value).append('\n');
}

/// Returns the event without a range of its data. The range is of `event.data`.
QByteArray without(const net::SseEvent &event, const openai::JsonSpan &span)
{
    QByteArray data = event.data.toByteArray();
    data.remove(span.begin, span.end - span.begin);
    // JSON may be spread over several lines, each of which is a field of its own.
    data.replace('\n', "\ndata: ");
    QByteArray bytes;
    bytes.reserve(data.size() + 64);
    if (!event.name.isEmpty()) {
        appendField(bytes, "event", event.name);
    }
    if (!event.id.isEmpty()) {
        appendField(bytes, "id", event.id);
    }
    appendField(bytes, "data", data);
    return bytes += '\n';
}

} // namespace

StreamDecoder::StreamDecoder(const openai::ModelRequest &request)
    : m_wantsUsage(request.wantsUsage)
    , m_choices(request.shownAnswers())
    , m_countText([this](QByteArrayView text) { m_counter.feed(text); })
{
}

Result<void> StreamDecoder::feed(QByteArrayView piece, ModelEvents &events)
{
    return m_parser.feed(
        piece, [this, &events](const net::SseEvent &next) { return event(next, events); });
}

Result<void> StreamDecoder::event(const net::SseEvent &event, ModelEvents &events)
{
    ++m_state.wholeParts;
    if (m_state.isComplete) {
        return {}; // Nothing that follows the end mark belongs to the answer.
    }
    if (event.name == errorName) {
        return failure(openai::providerError(errorInsideStream, event.data));
    }
    if (event.data.trimmed() == endMark) {
        m_state.isComplete = true;
        events.push_back({event.raw.toByteArray(), m_state.producedTokens});
        return {};
    }
    return event.data.isEmpty() ? Result<void>() : object(event, events);
}

Result<void> StreamDecoder::object(const net::SseEvent &event, ModelEvents &events)
{
    TRY(const openai::AnswerFacts facts, openai::readAnswer(event.data, m_countText));
    if (facts.hasError) {
        return failure(openai::providerError(errorInsideStream, event.data));
    }
    note(facts);
    pass(event, facts, events);
    return {};
}

void StreamDecoder::note(const openai::AnswerFacts &facts)
{
    for (const qint64 choice : facts.finishedChoices) {
        // Some providers say it with every event.
        if (std::cmp_less(m_finishedChoices.size(), m_choices)) {
            m_finishedChoices.insert(choice);
        }
    }
    m_state.producedTokens = m_counter.tokens();
    m_state.hasOwnTier = m_state.hasOwnTier || facts.hasOwnTier;
    m_state.hasBadUsage = m_state.hasBadUsage || facts.hasBadUsage;
    if (facts.usage) {
        m_state.reported = facts.usage;
    }
}

void StreamDecoder::pass(const net::SseEvent &event, const openai::AnswerFacts &facts,
                         ModelEvents &events) const
{
    if (m_wantsUsage || !facts.usageMember) {
        events.push_back({event.raw.toByteArray(), m_state.producedTokens});
        return;
    }
    const bool isUsageOnly = !facts.hasChoices && (facts.usage || facts.hasBadUsage);
    if (!isUsageOnly) {
        events.push_back({without(event, *facts.usageMember), m_state.producedTokens});
    }
}

Result<void> StreamDecoder::finish(ModelEvents &events)
{
    if (m_state.isComplete) {
        return {};
    }
    // Some providers close without the end mark; that is no harm once every choice said why it
    // ended.
    if (std::cmp_greater_equal(m_finishedChoices.size(), m_choices)) {
        m_state.isComplete = true;
        events.push_back({"data: [DONE]\n\n"_ba, m_state.producedTokens});
        return {};
    }
    return failure(
        ApiError::upstream(ErrorKind::UpstreamTruncated,
                           u"The provider ended its stream before the answer was complete."_s));
}

} // namespace delta::providers

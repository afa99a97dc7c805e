#include "gateway/content/content_writer.h"

#include "gateway/content/json_redaction.h"
#include "gateway/content/stream_text.h"

#include <QLoggingCategory>
#include <QString>

#include <chrono>
#include <condition_variable>
#include <iterator>
#include <limits>
#include <mutex>
#include <utility>

namespace delta::content {

namespace {

Q_LOGGING_CATEGORY(lcContent, "delta.content")

/// Few enough that nobody else who writes to the database waits for long.
constexpr std::size_t batchSize = 32;
constexpr int mostAttempts = 10;
constexpr std::chrono::seconds pause{1};
constexpr std::chrono::seconds tellingPause{10};

/// Sleeps, unless it is to stop. Returns whether there is time for another attempt.
bool rest(const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, pause, [] { return false; });
    return !stop.stop_requested();
}

} // namespace

Result<StoredContent> redacted(const ContentDraft &draft)
{
    StoredContent content;
    TRY(RedactedJson request, redactedJson(draft.request(), draft.maxBytes()));
    content.request = std::move(request.text);
    content.isRequestCut = request.isTruncated;
    QByteArray whole = draft.answer();
    if (draft.isStream()) {
        TRY(whole, wholeAnswer(draft.answer()));
    }
    TRY(RedactedJson answer, redactedJson(whole, draft.maxBytes()));
    content.answer = std::move(answer.text);
    content.isAnswerCut = answer.isTruncated || draft.isCut();
    return content;
}

ContentWriter::ContentWriter(const Parts &parts)
    : m_parts(parts)
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

ContentWriter::~ContentWriter() = default;

void ContentWriter::run(const std::stop_token &stop)
{
    while (true) {
        const std::vector<CallContent> contents = m_parts.desk.take(batchSize, stop);
        if (contents.empty()) {
            break; // It is to stop, and nothing waits any more.
        }
        const bool isWritten = write(contents, stop);
        tellOfLosses();
        if (!isWritten && stop.stop_requested()) {
            dropRest(stop);
            break;
        }
    }
}

/// Whoever ends the gateway is not to wait for a store that is away.
void ContentWriter::dropRest(const std::stop_token &stop)
{
    const auto rest = m_parts.desk.take(std::numeric_limits<qint32>::max(), stop);
    m_parts.desk.countDropped(std::ssize(rest));
}

bool ContentWriter::write(const std::vector<CallContent> &contents, const std::stop_token &stop)
{
    for (int attempt = 1;; ++attempt) {
        const Result<void> written = tryToWrite(contents);
        if (written) {
            return true;
        }
        if (attempt == mostAttempts || !rest(stop)) {
            m_parts.desk.countFailed(std::ssize(contents));
            qCWarning(lcContent, "what %lld calls asked and were answered is not kept: %ls",
                      static_cast<long long>(contents.size()),
                      qUtf16Printable(written.error().message));
            return false;
        }
    }
}

/// What cannot be redacted or sealed is left out of the batch, and of the next attempt too.
Result<void> ContentWriter::tryToWrite(const std::vector<CallContent> &contents)
{
    std::vector<ports::SealedContent> sealed;
    qint64 failed = 0;
    for (const CallContent &content : contents) {
        TRY(const qint64 callId, m_parts.store.callIdOf(content.offset));
        auto made = sealedOf(content, callId);
        if (made) {
            sealed.push_back(*std::move(made));
        } else {
            ++failed;
        }
    }
    TRY_VOID(m_parts.store.keepContents(sealed));
    m_parts.desk.countStored(std::ssize(sealed));
    m_parts.desk.countFailed(failed);
    return {};
}

Result<ports::SealedContent> ContentWriter::sealedOf(const CallContent &content, qint64 callId)
{
    TRY(const StoredContent kept, redacted(content.draft));
    TRY(QByteArray sealed, m_parts.sealer.seal(Secret(packed(kept)), contentContext(callId)));
    return ports::SealedContent{callId, content.startedAt, content.endUser, std::move(sealed)};
}

/// The log hears of it at once and then each ten seconds: a flood of calls is not to be a flood of lines.
void ContentWriter::tellOfLosses()
{
    const ContentCounts counts = m_parts.desk.counts();
    const qint64 losses = counts.dropped + counts.failed;
    const SteadyTime now = m_parts.clock.steady();
    if (losses == m_toldOf || now < m_nextTelling) {
        return;
    }
    qCWarning(
        lcContent,
        "what calls asked and were answered was not kept: no room for %lld, not to be redacted or "
        "written %lld, since the start",
        static_cast<long long>(counts.dropped), static_cast<long long>(counts.failed));
    m_toldOf = losses;
    m_nextTelling = now + tellingPause;
}

} // namespace delta::content

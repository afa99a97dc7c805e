#pragma once

#include "gateway/content/content_desk.h"
#include "gateway/content/stored_content.h"
#include "gateway/ports/content_store.h"
#include "gateway/ports/sealer.h"
#include "shared/core/clock.h"

#include <stop_token>
#include <thread>
#include <vector>

namespace delta::content {

/// Redacts what a call asked and was answered. Errors: Internal if it is not known what is in it; then nothing of it may be
/// kept.
[[nodiscard]] Result<StoredContent> redacted(const ContentDraft &draft);

/// The thread that redacts, seals and writes what calls leave at the desk. While the store does not take it the same is
/// tried again for a while; then it is given up, because it is not worth that memory fills up.
class ContentWriter
{
public:
    /// Borrowed; outlive the writer. Store and clock are used on its thread.
    struct Parts {
        ContentDesk &desk;
        ports::ContentStore &store;
        ports::Sealer &sealer;
        const Clock &clock;
    };

    explicit ContentWriter(const Parts &parts);
    /// Writes what waits, tried once, and ends the thread.
    ~ContentWriter();
    ContentWriter(const ContentWriter &) = delete;
    ContentWriter &operator=(const ContentWriter &) = delete;

private:
    void run(const std::stop_token &stop);
    bool write(const std::vector<CallContent> &contents, const std::stop_token &stop);
    void dropRest(const std::stop_token &stop);
    [[nodiscard]] Result<void> tryToWrite(const std::vector<CallContent> &contents);
    [[nodiscard]] Result<ports::SealedContent> sealedOf(const CallContent &content, qint64 callId);
    void tellOfLosses();

    const Parts m_parts;
    qint64 m_toldOf = 0; ///< Losses that the log knows.
    SteadyTime m_nextTelling{};
    std::jthread m_thread; ///< Last, so that it sees the others made.
};

} // namespace delta::content

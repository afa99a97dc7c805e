#pragma once

#include "gateway/content/content_settings.h"
#include "gateway/content/held_memory.h"
#include "shared/core/clock.h"

#include <QByteArray>

#include <cstdint>

namespace delta::content {

/// What a call asked and was answered, as it is gathered: nothing is redacted yet. Belongs to the call's thread.
class ContentDraft
{
public:
    /// `request` is the body as the client sent it. `total` is the memory that all drafts share, and outlives it.
    ContentDraft(QByteArray request, const ContentSettings &settings, std::atomic<qint64> &total);

    /// Adds events of a stream. What exceeds eight times the settings' `maxBytes` is left away, which is told later: a
    /// word takes about that much more in an event.
    void addEvents(const QByteArray &events);
    /// Takes an answer that is not streamed.
    void setAnswer(const QByteArray &answer);

    /// Says whether there was no room for it; then it is empty.
    [[nodiscard]] bool isLost() const
    {
        return m_isLost;
    }
    [[nodiscard]] const QByteArray &request() const
    {
        return m_request;
    }
    /// Returns a whole JSON answer, or server-sent events; empty where there was no answer.
    [[nodiscard]] const QByteArray &answer() const
    {
        return m_answer;
    }
    [[nodiscard]] bool isStream() const
    {
        return m_isStream;
    }
    /// Says whether the end of a stream is missing.
    [[nodiscard]] bool isCut() const
    {
        return m_isCut;
    }
    [[nodiscard]] qsizetype maxBytes() const
    {
        return m_settings.maxBytes;
    }

private:
    bool hold(qsizetype bytes);

    ContentSettings m_settings;
    QByteArray m_request;
    QByteArray m_answer;
    bool m_isStream = false;
    bool m_isCut = false;
    bool m_isLost = false;
    HeldMemory m_held;
};

/// A draft of a call that is over.
struct CallContent {
    std::uint64_t offset =
        0; ///< Of its settlement in the journal, by which the store knows the call.
    WallTime startedAt{};
    QByteArray endUser; ///< Empty: none is known.
    ContentDraft draft;
};

} // namespace delta::content

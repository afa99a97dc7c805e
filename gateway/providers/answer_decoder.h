#pragma once

#include "shared/core/result.h"
#include "shared/models/usage.h"

#include <QByteArray>
#include <QByteArrayView>

#include <deque>
#include <optional>

namespace delta::providers {

/// One step of an answer, in the public dialect.
struct ModelEvent {
    /// What the client is sent for it: a whole SSE event, or a whole JSON answer.
    QByteArray bytes;
    /// Our own count of the answer's output up to the end of this event; see AnswerState.
    qint64 producedTokens = 0;
};

using ModelEvents = std::deque<ModelEvent>;

/// What is known of an answer so far.
struct AnswerState {
    std::optional<Usage> reported; ///< The provider's own figures; the last ones win.
    bool hasBadUsage = false;      ///< It reported figures that cannot be.
    /// Our own count of the output so far. Zero for an unstreamed answer with figures of its own.
    qint64 producedTokens = 0;
    /// Events of a stream that are whole, also those that the client is not shown, as signs of life.
    qint64 wholeParts = 0;
    bool hasOwnTier = false; ///< It was served in a tier that has prices of its own.
    bool isComplete = false; ///< The provider said that the answer is whole.
};

/// Turns one provider answer into events. A pure function with memory: no I/O, no clock, no log.
/// Used once, on one thread.
class AnswerDecoder
{
public:
    virtual ~AnswerDecoder() = default;
    /// Takes a piece of the answer's body and appends what became complete by it.
    /// After an error nothing more may be fed.
    [[nodiscard]] virtual Result<void> feed(QByteArrayView piece, ModelEvents &events) = 0;
    /// Takes the end of the body. Errors: UpstreamTruncated if the answer is not whole.
    [[nodiscard]] virtual Result<void> finish(ModelEvents &events) = 0;
    [[nodiscard]] const AnswerState &state() const
    {
        return m_state;
    }

protected:
    AnswerState m_state;
};

} // namespace delta::providers

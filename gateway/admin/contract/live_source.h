#pragma once

#include "gateway/admin/access/caller.h"
#include "shared/core/result.h"

#include <QByteArray>

namespace delta::admin {

/// The body of an answer that goes on for as long as the client listens: events as they happen, as server-sent events
/// (WHATWG HTML §9.2). Used on the thread that owns the store.
class LiveSource
{
public:
    virtual ~LiveSource() = default;
    /// Returns what happened since it was asked last, as far as the caller may see it now; empty if nothing did.
    /// Errors: those of the store; then the answer ends, and the client asks anew.
    [[nodiscard]] virtual Result<QByteArray> look(const Caller &caller) = 0;
};

} // namespace delta::admin

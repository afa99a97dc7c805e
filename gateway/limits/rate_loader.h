#pragma once

#include "gateway/limits/rate_directory.h"
#include "gateway/ports/rate_limit_store.h"
#include "shared/core/result.h"
#include "shared/models/rate_limit.h"

#include <QtTypes>

#include <optional>
#include <vector>

namespace delta::limits {

/// Brings the rate limits of the store into the directory. Called on the thread that owns the store.
class RateLoader
{
public:
    struct Parts {
        ports::RateLimitStore &store;
        RateDirectory &directory;
    };

    explicit RateLoader(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// Brings what is new in the store into the directory, and keeps there what is gone from it; cheap
    /// if no process changed any limit since. Errors: StoreUnavailable. Then nothing has changed; it may
    /// be tried again.
    [[nodiscard]] Result<void> load();
    /// Takes out of the directory what was gone from the store at the last load().
    void prune();
    /// Both. Errors: as load().
    [[nodiscard]] Result<void> refresh();

private:
    Parts m_parts;
    std::optional<qint64> m_version; ///< Of the limits in the directory; nothing before load().
    std::vector<RateLimit> m_stored; ///< Those in the store.
    std::vector<RateLimit> m_gone;   ///< Those in the directory that the store has no more.
};

} // namespace delta::limits

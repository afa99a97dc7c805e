#pragma once

#include "gateway/limits/rate_loader.h"
#include "gateway/ports/rate_limit_store.h"
#include "shared/core/result.h"
#include "shared/models/rate_limit.h"

#include <QJsonObject>
#include <QString>

#include <optional>
#include <vector>

namespace delta::admin {

/// Sets, finds and removes rate limits, for the HTTP API and the command line alike. In a gateway that
/// runs, what is set holds when the function returns.
/// Blocks on the store: called on the thread that owns it.
class RateLimitService
{
public:
    struct Parts {
        ports::RateLimitStore &store;
        /// Told of changes at once; null on the command line.
        limits::RateLoader *loader = nullptr;
    };

    explicit RateLimitService(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// Replaces the limit with that subject as a whole, or makes one.
    /// Errors: InvalidRequest naming the field; StoreUnavailable, also if the change is stored and does
    /// not hold here yet: it may be tried again.
    [[nodiscard]] Result<void> put(const RateLimit &limit);
    /// Changes the limits that a patch of RateLimits names, see applyPatch(), and returns what holds
    /// then. Where there is nothing with that subject, none of the others is set. Errors: as put().
    [[nodiscard]] Result<RateLimit> set(const RateSubject &subject, const QJsonObject &patch);
    /// Returns the limit with that subject; nothing if there is none. Errors: StoreUnavailable.
    [[nodiscard]] Result<std::optional<RateLimit>> find(const RateSubject &subject);
    /// Returns all limits, by scope, id, member and model. Errors: StoreUnavailable.
    [[nodiscard]] Result<std::vector<RateLimit>> list();
    /// Removes a limit for good. Returns it as it was; nothing if there was none.
    /// Errors: StoreUnavailable.
    [[nodiscard]] Result<std::optional<RateLimit>> remove(const RateSubject &subject);
    /// Returns the limits of a key that are not part of it. Errors: StoreUnavailable.
    [[nodiscard]] Result<std::vector<RateLimit>> ofKey(const QString &keyId);
    /// Removes these, however they were made. Errors: StoreUnavailable.
    [[nodiscard]] Result<void> removeOfKey(const QString &keyId);

private:
    [[nodiscard]] Result<void> refresh();

    Parts m_parts;
};

} // namespace delta::admin

#pragma once

#include "shared/core/result.h"
#include "shared/models/rate_limit.h"

#include <QLatin1StringView>
#include <QString>
#include <QStringList>
#include <QtTypes>
#include <QVariant>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// The table of rate limits. See ports::RateLimitStore for the functions.
class RateLimitRepository
{
public:
    /// `database` must outlive the repository.
    explicit RateLimitRepository(Database &database)
        : m_database(database)
    {
    }
    RateLimitRepository(const RateLimitRepository &) = delete;
    RateLimitRepository &operator=(const RateLimitRepository &) = delete;

    /// Errors: StoreUnavailable if one of them cannot be understood: without it, more would be let
    /// through than was allowed. So the next two.
    [[nodiscard]] Result<std::vector<RateLimit>> loadAll();
    [[nodiscard]] Result<std::vector<RateLimit>> loadOf(RateScope scope, const QString &scopeId);
    [[nodiscard]] Result<std::optional<RateLimit>> find(const RateSubject &subject);
    /// Reads what some objects have for all that is theirs, of no member and no model alone; those that have none are
    /// left out.
    [[nodiscard]] Result<std::vector<RateLimit>> loadOwn(RateScope scope,
                                                         const QStringList &scopeIds);
    [[nodiscard]] Result<void> put(const RateLimit &limit);
    [[nodiscard]] Result<bool> remove(const RateSubject &subject);
    [[nodiscard]] Result<bool> removeOf(RateScope scope, const QString &scopeId);
    [[nodiscard]] Result<qint64> version();

private:
    [[nodiscard]] Result<std::vector<RateLimit>> read(QLatin1StringView query,
                                                      const QVariantList &values);
    [[nodiscard]] Result<bool> removeBy(QLatin1StringView query, const QVariantList &values);

    Database &m_database;
};

} // namespace delta::store

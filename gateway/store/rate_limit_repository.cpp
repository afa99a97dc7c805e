#include "gateway/store/rate_limit_repository.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"

#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Returns the columns of the primary key, in order.
QVariantList namesOf(const RateSubject &subject)
{
    return {QString(enumName(subject.scope)), present(subject.scopeId), present(subject.memberId),
            present(subject.model)};
}

/// Reads a row of the table.
Result<RateLimit> limitOf(const QSqlQuery &row)
{
    const QString scope = row.value(0).toString();
    const auto known = enumValue<RateScope>(scope);
    if (!known) {
        return failure(ApiError::storeUnavailable(
            u"The gateway's database holds a rate limit that this gateway does not understand."_s,
            u"rate limit of '%1': the scope '%2' means nothing here"_s.arg(row.value(1).toString(),
                                                                           scope)));
    }
    return RateLimit{
        {*known, row.value(1).toString(), row.value(2).toString(), row.value(3).toString()},
        rateLimitsAt(row, 4)};
}

} // namespace

Result<std::vector<RateLimit>> RateLimitRepository::read(QLatin1StringView query,
                                                         const QVariantList &values)
{
    std::vector<RateLimit> limits;
    Result<void> understood;
    TRY_VOID(m_database.each(query, values, [&limits, &understood](const QSqlQuery &row) {
        if (auto limit = limitOf(row)) {
            limits.push_back(*std::move(limit));
        } else {
            understood = failure(std::move(limit).error());
        }
    }));
    TRY_VOID(understood);
    return limits;
}

Result<std::vector<RateLimit>> RateLimitRepository::loadAll()
{
    return read("rate_limits/select_all"_L1, {});
}

Result<std::vector<RateLimit>> RateLimitRepository::loadOf(RateScope scope, const QString &scopeId)
{
    return read("rate_limits/select_of_scope"_L1, {QString(enumName(scope)), present(scopeId)});
}

Result<std::optional<RateLimit>> RateLimitRepository::find(const RateSubject &subject)
{
    TRY(std::vector<RateLimit> found, read("rate_limits/select"_L1, namesOf(subject)));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<std::vector<RateLimit>> RateLimitRepository::loadOwn(RateScope scope,
                                                            const QStringList &scopeIds)
{
    return read("rate_limits/select_own"_L1, {QString(enumName(scope)), textSet(scopeIds)});
}

Result<void> RateLimitRepository::put(const RateLimit &limit)
{
    return m_database
        .run("rate_limits/upsert"_L1, namesOf(limit.subject) + rateColumns(limit.limits))
        .transform([](int) { });
}

Result<bool> RateLimitRepository::removeBy(QLatin1StringView query, const QVariantList &values)
{
    return m_database.run(query, values).transform([](int rows) { return rows > 0; });
}

Result<bool> RateLimitRepository::remove(const RateSubject &subject)
{
    return removeBy("rate_limits/delete"_L1, namesOf(subject));
}

Result<bool> RateLimitRepository::removeOf(RateScope scope, const QString &scopeId)
{
    return removeBy("rate_limits/delete_of_scope"_L1, {QString(enumName(scope)), present(scopeId)});
}

Result<qint64> RateLimitRepository::version()
{
    qint64 version = 0;
    TRY_VOID(m_database.each("rate_limits/select_version"_L1, {}, [&version](const QSqlQuery &row) {
        version = row.value(0).toLongLong();
    }));
    return version;
}

} // namespace delta::store

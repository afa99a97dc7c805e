#pragma once

#include "gateway/ports/alert_store.h"
#include "shared/core/result.h"

#include <QString>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// The tables of alerts. See ports::AlertStore for the functions.
class AlertRepository
{
public:
    /// `database` must outlive the repository.
    explicit AlertRepository(Database &database)
        : m_database(database)
    {
    }
    AlertRepository(const AlertRepository &) = delete;
    AlertRepository &operator=(const AlertRepository &) = delete;

    [[nodiscard]] Result<bool> raise(const ports::AlertMark &mark, const ports::NewAlert &alert);
    [[nodiscard]] Result<void> queue(const ports::NewAlert &alert);
    [[nodiscard]] Result<std::optional<ports::ClaimedAlert>> claim(const QString &channel,
                                                                   const ports::AlertLease &lease);
    [[nodiscard]] Result<void> deliver(const ports::AlertPlace &place, WallTime at);
    [[nodiscard]] Result<void> postpone(const ports::AlertPlace &place, WallTime until,
                                        const QString &error);
    [[nodiscard]] Result<void> giveUp(const ports::AlertPlace &place, WallTime at,
                                      const QString &error);
    [[nodiscard]] Result<void> tidy(const ports::AlertAges &ages);
    [[nodiscard]] Result<qint64> queued();
    [[nodiscard]] Result<std::vector<ports::AlertRecord>> newest(int limit);

private:
    struct Due;
    [[nodiscard]] Result<std::optional<Due>> findDue(const QString &channel, WallTime now);

    Database &m_database;
};

} // namespace delta::store

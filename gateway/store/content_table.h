#pragma once

#include "gateway/ports/content_store.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QString>
#include <QtTypes>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// What calls asked and were answered, sealed. See Database for threads and errors.
class ContentTable
{
public:
    /// `database` must outlive it.
    explicit ContentTable(Database &database)
        : m_database(database)
    {
    }
    ContentTable(const ContentTable &) = delete;
    ContentTable &operator=(const ContentTable &) = delete;

    /// See ports::ContentStore.
    [[nodiscard]] Result<void> keep(const std::vector<ports::SealedContent> &contents);
    /// Returns what is kept of a call; nothing if nothing is.
    [[nodiscard]] Result<std::optional<QByteArray>> find(qint64 callId);
    /// Returns of how many calls for an end user something is kept.
    [[nodiscard]] Result<qint64> countOfEndUser(const QString &endUser);
    /// Removes all that is kept of these.
    [[nodiscard]] Result<void> eraseEndUser(const QString &endUser);
    /// Removes a portion of what is kept of calls that began before that time. Returns whether something is left to do.
    [[nodiscard]] Result<bool> removeBefore(WallTime before);

private:
    Database &m_database;
};

} // namespace delta::store

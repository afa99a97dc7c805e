#pragma once

#include "gateway/ports/gateway_roll.h"
#include "shared/core/result.h"

#include <chrono>
#include <optional>
#include <vector>

namespace delta::store {

class Database;
class JournalRow;

/// The roll of the gateways of a PostgreSQL. See ports::GatewayRoll for each function. Errors of all functions:
/// those of Database.
class GatewayTable
{
public:
    /// `journal` is this gateway's. Both must outlive the table.
    GatewayTable(Database &database, JournalRow &journal)
        : m_database(database)
        , m_journal(journal)
    {
    }

    [[nodiscard]] Result<bool> reportIn(const ports::GatewayReport &report);
    [[nodiscard]] Result<void> enroll(const ports::GatewayReport &report);
    [[nodiscard]] Result<void> leave();
    [[nodiscard]] Result<std::vector<ports::GatewayEntry>> notSeenFor(
        std::chrono::milliseconds time);
    [[nodiscard]] Result<std::vector<ports::GatewayEntry>> all();
    [[nodiscard]] Result<std::optional<ports::GatewayHolding>> forget(
        qint64 journal, std::optional<std::chrono::milliseconds> notSeenFor);

private:
    [[nodiscard]] Result<bool> takeOff(qint64 journal,
                                       std::optional<std::chrono::milliseconds> notSeenFor);

    Database &m_database;
    JournalRow &m_journal;
};

} // namespace delta::store

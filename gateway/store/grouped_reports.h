#pragma once

#include "gateway/store/spend_report.h"
#include "shared/core/result.h"

#include <QtTypes>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// Reads what was spent of each key, team, model and so on. Reads roll-ups only, so that it takes the time of the
/// days of the groups, however many calls there were.
/// Errors of all functions: StoreUnavailable.
class GroupedReports
{
public:
    /// `database` must outlive the reports.
    explicit GroupedReports(Database &database)
        : m_database(database)
    {
    }
    GroupedReports(const GroupedReports &) = delete;
    GroupedReports &operator=(const GroupedReports &) = delete;

    [[nodiscard]] Result<SpendReport> read(const ReportQuestion &question);

private:
    /// Returns the ref of the one group that is wanted; nothing if no call is in it.
    [[nodiscard]] Result<std::optional<qint64>> refOf(const ReportQuestion &question);
    [[nodiscard]] Result<SpendReport> readOne(const ReportQuestion &question);
    [[nodiscard]] Result<SpendReport> readAll(const ReportQuestion &question);
    [[nodiscard]] Result<std::vector<qint64>> findGroups(SpendReport &report,
                                                         const ReportQuestion &question);
    [[nodiscard]] Result<void> addNames(SpendReport &report, const std::vector<qint64> &refs,
                                        const ReportQuestion &question);
    [[nodiscard]] Result<void> addSums(SpendReport &report, const std::vector<qint64> &refs,
                                       const ReportQuestion &question);
    [[nodiscard]] Result<QByteArray> aliasOf(const ReportQuestion &question);

    Database &m_database;
};

} // namespace delta::store

#pragma once

#include "gateway/ports/budget_grants.h"
#include "gateway/store/budget_tally.h"
#include "gateway/store/name_table.h"
#include "shared/core/result.h"
#include "shared/models/budget.h"

#include <QByteArray>
#include <QSqlQuery>
#include <QString>
#include <QtTypes>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace delta::store {

class Database;

/// What the budgets cost that a gateway shares with others, kept in memory, so that each look reads only what was
/// posted since the one before, by whomever. For PostgreSQL.
///
/// It is exact because the position of a journal moves in the transaction that posts the calls before it, and because
/// nothing is posted behind it any more: between two positions lie the same calls for ever, whatever they are dated
/// and however late they are committed. All tallies are as of one position of each journal. An error forgets them,
/// and they go with the connection, so that nothing outlives a fail-over.
class BudgetTallies
{
public:
    /// `database` must outlive it.
    explicit BudgetTallies(Database &database)
        : m_database(database)
        , m_names(database)
    {
    }
    BudgetTallies(const BudgetTallies &) = delete;
    BudgetTallies &operator=(const BudgetTallies &) = delete;

    /// Returns the tally of a budget, as of now; reads all of its calls if it has none that fits. Good until the next
    /// prepare(). Not within a transaction.
    [[nodiscard]] Result<const BudgetTally *> prepare(const ports::GrantQuestion &question);
    /// Adds what was posted meanwhile to all tallies. Within a transaction too.
    [[nodiscard]] Result<void> catchUp();
    /// Returns the position of a journal that the tallies are as of.
    [[nodiscard]] std::uint64_t applied(qint64 journal) const;
    void forget(const QString &budgetId);

private:
    using Positions = std::map<qint64, std::uint64_t>; ///< By journal; one that is new is at zero.

    /// Whose calls a budget counts. Zero and an empty text: the scope has no such name.
    struct Calls {
        BudgetScope scope = BudgetScope::Gateway;
        qint64 object = 0;    ///< Id of a name.
        qint64 member = 0;    ///< Likewise, of the member of a team.
        QByteArray text = {}; ///< Of end users and tags.

        [[nodiscard]] std::strong_ordering operator<=>(const Calls &other) const;
    };

    [[nodiscard]] Result<Calls> callsOf(const Budget &budget);
    [[nodiscard]] Result<BudgetTally *> readAnew(const ports::GrantQuestion &question);
    [[nodiscard]] BudgetTally *find(const QString &budgetId);
    [[nodiscard]] Result<Positions> readPositions();
    [[nodiscard]] bool isNear(const Positions &positions) const;
    [[nodiscard]] Result<void> readUpTo(const Positions &positions);
    [[nodiscard]] Result<void> readBetween(qint64 first, qint64 beyond);
    void count(const QSqlQuery &row);
    void count(const Calls &calls, const ports::Spending &spending);
    void forgetOvergrown();
    void clear();

    Database &m_database;
    NameTable m_names;
    Positions m_positions;
    std::map<QString, Calls> m_calls; ///< By budget, of all that have a tally.
    std::map<Calls, std::map<QString, BudgetTally>> m_tallies;
    std::set<QString> m_overgrown; ///< Budgets whose tallies nobody seems to ask for any more.
};

} // namespace delta::store

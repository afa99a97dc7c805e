#include "gateway/store/budget_spending.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/dimension.h"
#include "gateway/store/journal_row.h"
#include "gateway/store/name_table.h"
#include "gateway/store/transaction.h"
#include "shared/billing/budget_window.h"

#include <QLatin1StringView>
#include <QString>
#include <QtTypes>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace delta::store {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using std::chrono::milliseconds;
using Spendings = std::vector<ports::Spending>;

constexpr qint64 hour = milliseconds(1h).count();
/// The last full hour that 64 bits can tell, so that the next full hour can always be worked out.
constexpr qint64 endOfTime = std::numeric_limits<qint64>::max() / hour * hour;

/// Ids of the names that a budget's calls have; -1: any.
struct Refs {
    qint64 key = -1;
    qint64 user = -1;
    qint64 team = -1;
    qint64 model = -1;
    qint64 deployment = -1;
    qint64 provider = -1;
    qint64 organization = -1;
    qint64 tag = -1;
};

/// How the calls of a scope are found.
struct Finder {
    qint64 Refs::*object; ///< What Budget::scopeId is a name of; null: not of the table of names.
    qint64 Refs::*member; ///< The same for Budget::memberId.
    QLatin1StringView events;
    /// Of the roll-up; nothing: no sums tell these calls from others, or none of one dimension.
    std::optional<Dimension> dimension;
};

/// In the order of the enumeration. The narrowest name chooses the index.
constexpr std::array finders{
    Finder{nullptr, nullptr, "budgets/select_events"_L1, Dimension::All},
    Finder{&Refs::team, nullptr, "budgets/select_events_by_team"_L1, Dimension::Team},
    Finder{&Refs::team, &Refs::user, "budgets/select_events_by_user"_L1, {}},
    Finder{&Refs::user, nullptr, "budgets/select_events_by_user"_L1, Dimension::User},
    Finder{&Refs::key, nullptr, "budgets/select_events_by_key"_L1, Dimension::Key},
    Finder{nullptr, nullptr, "budgets/select_events_by_end_user"_L1, {}},
    Finder{&Refs::model, nullptr, "budgets/select_events_by_model"_L1, Dimension::Model},
    Finder{&Refs::deployment, nullptr, "budgets/select_events"_L1, Dimension::Deployment},
    Finder{&Refs::provider, nullptr, "budgets/select_events"_L1, Dimension::Provider},
    Finder{&Refs::organization, nullptr, "budgets/select_events_by_organization"_L1,
           Dimension::Organization},
    Finder{&Refs::tag, nullptr, "budgets/select_events_by_tag"_L1, Dimension::Tag},
};
static_assert(finders.size() == enumNames(BudgetScope()).size());

const Finder &finderOf(const Budget &budget)
{
    return finders.at(static_cast<std::size_t>(std::to_underlying(budget.scope)));
}

/// Returns the ids of the names that the budget's calls have; nothing if no call ever had them.
Result<std::optional<Refs>> refsOf(Database &database, const Budget &budget)
{
    NameTable names(database);
    Refs refs;
    const Finder &finder = finderOf(budget);
    const std::pair<qint64 Refs::*, const QString &> wanted[] = {{finder.object, budget.scopeId},
                                                                 {finder.member, budget.memberId}};
    for (const auto &[ref, name] : wanted) {
        if (!ref) {
            continue;
        }
        TRY(refs.*ref, names.find(cleanText(name.toUtf8())));
        // The empty name has the id 0: calls of nobody are in nobody's budget.
        if (refs.*ref <= 0) {
            return std::nullopt;
        }
    }
    return refs;
}

/// Adds a spending to the last one if they are of one grain.
void add(Spendings &spendings, ports::Spending next, milliseconds grain)
{
    const auto grainAt = [grain](WallTime at) { return at.time_since_epoch() / grain; };
    if (spendings.empty() || grainAt(spendings.back().at) != grainAt(next.at)) {
        spendings.push_back(next);
        return;
    }
    spendings.back().at = next.at;
    spendings.back().amount += next.amount;
}

/// Reads the spendings of one budget.
class SpendingReader
{
public:
    SpendingReader(Database &database, const Budget &budget, const Refs &refs)
        : m_database(database)
        , m_finder(finderOf(budget))
        , m_grain(spendingGrain(budget))
        , m_refs(refs)
        , m_endUser(QString::fromUtf8(cleanText(budget.scopeId.toUtf8())))
    {
    }
    SpendingReader(const SpendingReader &) = delete;
    SpendingReader &operator=(const SpendingReader &) = delete;

    [[nodiscard]] Result<Spendings> since(WallTime time) const
    {
        const qint64 from = std::clamp<qint64>(time.time_since_epoch().count(), 0, endOfTime);
        const bool hasHours = m_finder.dimension || m_finder.member;
        if (!hasHours || m_grain < 1h) {
            return readEvents(from, endOfTime);
        }
        TRY(const qint64 firstHour, firstWholeHour(from));
        TRY(Spendings spendings, readEvents(from, firstHour * hour));
        TRY(const Spendings hours, readHours(firstHour));
        spendings.insert(spendings.end(), hours.begin(), hours.end());
        return spendings;
    }

private:
    /// Returns the first hour that is read as a sum. Of the one that holds `from` only calls count; but where these
    /// are no longer kept, all of it does: too much, never too little.
    [[nodiscard]] Result<qint64> firstWholeHour(qint64 from) const
    {
        if (from % hour == 0) {
            return from / hour;
        }
        qint64 kept = 0;
        TRY_VOID(m_database.each("retention/select"_L1, {}, [&kept](const QSqlQuery &row) {
            kept = row.value(0).toLongLong();
        }));
        return from / hour + (from < kept ? 0 : 1);
    }
    [[nodiscard]] Result<Spendings> readEvents(qint64 from, qint64 until) const
    {
        return read(m_finder.events,
                    {from, until, m_refs.key, m_refs.user, m_refs.team, m_refs.model,
                     m_refs.deployment, m_refs.provider, m_endUser, m_refs.organization, m_refs.tag,
                     qint64(m_grain.count())});
    }
    [[nodiscard]] Result<Spendings> readHours(qint64 first) const
    {
        if (!m_finder.dimension) {
            return read("budgets/select_member_hours"_L1, {first, m_refs.user, m_refs.team});
        }
        const qint64 ref = m_finder.object ? m_refs.*m_finder.object : 0;
        return read("budgets/select_hours"_L1,
                    {first, std::to_underlying(*m_finder.dimension), ref});
    }
    /// Runs a statement that gives times and amounts, oldest first. They are added up here for SQLite, which would
    /// sort all rows for that, and could not stop at the largest sum; PostgreSQL has done so.
    [[nodiscard]] Result<Spendings> read(QLatin1StringView query, const QVariantList &values) const
    {
        Spendings spendings;
        TRY_VOID(
            m_database.each(query, values, [&spendings, grain = m_grain](const QSqlQuery &row) {
                const WallTime at(milliseconds(row.value(0).toLongLong()));
                add(spendings, {at, Money::fromNanos(row.value(1).toLongLong())}, grain);
            }));
        return spendings;
    }

    Database &m_database;
    const Finder &m_finder;
    milliseconds m_grain;
    Refs m_refs;
    QString m_endUser;
};

} // namespace

Result<ports::SpendingSoFar> spendingOf(Database &database, JournalRow &journal,
                                        const Budget &budget, WallTime since)
{
    TRY_VOID(journal.id()); // It may have to be made, which the transaction may not.
    // The ledger may be posting meanwhile: sums and position must be of one moment.
    TRY(const Transaction moment, Transaction::beginReading(database));
    return spendingWithin(database, journal, budget, since);
}

Result<ports::SpendingSoFar> spendingWithin(Database &database, JournalRow &journal,
                                            const Budget &budget, WallTime since)
{
    ports::SpendingSoFar soFar;
    TRY(const ports::JournalPosition position, journal.position());
    soFar.applied = position.applied;
    TRY(soFar.spendings, spendings(database, budget, since));
    return soFar;
}

milliseconds spendingGrain(const Budget &budget)
{
    if (!budget.duration) {
        return milliseconds::max();
    }
    if (budget.reset == BudgetReset::Rolling) {
        return std::min<milliseconds>(rollingStep(*budget.duration), 1h);
    }
    return rollingLength(*budget.duration) < 1h ? milliseconds(1s) : milliseconds(1h);
}

Result<Spendings> spendings(Database &database, const Budget &budget, WallTime since)
{
    TRY(const std::optional<Refs> refs, refsOf(database, budget));
    return refs ? SpendingReader(database, budget, *refs).since(since) : Spendings();
}

} // namespace delta::store

#include "gateway/store/budget_tallies.h"

#include "gateway/store/budget_spending.h"
#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/journal_row.h"
#include "gateway/store/transaction.h"
#include "shared/models/tags.h"

#include <QByteArrayList>

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Where that much was written to journals since the last look, some ten thousand calls, it is quicker to read
/// those of each budget when that is asked for.
constexpr std::uint64_t longestWay = 32 * 1024 * 1024;
/// Beyond this many tallies it starts over: memory stays bounded, however many budgets come and go.
constexpr std::size_t maxTallies = 100'000;

/// How many rows grants/select_posted gives at most.
constexpr int pageRows = 1000;

/// The columns of grants/select_posted.
enum Column {
    Id,
    StartedAt,
    Cost,
    Key,
    User,
    Team,
    Model,
    Deployment,
    Provider,
    Organization,
    EndUser,
    Tags,
};

/// The scopes whose names are ids in the calls.
constexpr std::pair<BudgetScope, Column> namedScopes[] = {
    {BudgetScope::Key, Key},
    {BudgetScope::User, User},
    {BudgetScope::Team, Team},
    {BudgetScope::Model, Model},
    {BudgetScope::Deployment, Deployment},
    {BudgetScope::Provider, Provider},
    {BudgetScope::Organization, Organization},
};

} // namespace

std::strong_ordering BudgetTallies::Calls::operator<=>(const Calls &other) const
{
    const auto numbers = [](const Calls &calls) {
        return std::tuple(calls.scope, calls.object, calls.member);
    };
    const auto order = numbers(*this) <=> numbers(other);
    return order != 0 ? order : text.compare(other.text) <=> 0;
}

Result<const BudgetTally *> BudgetTallies::prepare(const ports::GrantQuestion &question)
{
    forgetOvergrown();
    TRY(const Positions now, readPositions());
    if (!isNear(now)) {
        clear();
    }
    TRY_VOID(readUpTo(now));
    BudgetTally *tally = find(question.budget.id);
    if (!tally || !tally->moveTo(question.budget, question.since)) {
        TRY(tally, readAnew(question));
    }
    return tally;
}

Result<void> BudgetTallies::catchUp()
{
    TRY(const Positions now, readPositions());
    return readUpTo(now);
}

std::uint64_t BudgetTallies::applied(qint64 journal) const
{
    const auto found = m_positions.find(journal);
    return found == m_positions.end() ? 0 : found->second;
}

void BudgetTallies::forget(const QString &budgetId)
{
    const auto known = m_calls.find(budgetId);
    if (known == m_calls.end()) {
        return;
    }
    const auto alike = m_tallies.find(known->second);
    alike->second.erase(budgetId);
    if (alike->second.empty()) {
        m_tallies.erase(alike);
    }
    m_calls.erase(known);
}

void BudgetTallies::forgetOvergrown()
{
    for (const QString &budgetId : std::exchange(m_overgrown, {})) {
        forget(budgetId);
    }
}

void BudgetTallies::clear()
{
    m_overgrown.clear();
    m_calls.clear();
    m_tallies.clear();
}

BudgetTally *BudgetTallies::find(const QString &budgetId)
{
    const auto known = m_calls.find(budgetId);
    return known == m_calls.end() ? nullptr : &m_tallies.at(known->second).at(budgetId);
}

/// Finds out whose calls a budget counts. A name that no call had so far gets its id now, so that it is known in the
/// first one that has it.
Result<BudgetTallies::Calls> BudgetTallies::callsOf(const Budget &budget)
{
    Calls calls;
    calls.scope = budget.scope;
    const QByteArray name = cleanText(budget.scopeId.toUtf8());
    if (budget.scope == BudgetScope::EndUser || budget.scope == BudgetScope::Tag) {
        calls.text = name;
    } else {
        TRY(calls.object, m_names.intern(name));
    }
    if (budget.scope == BudgetScope::TeamMember) {
        TRY(calls.member, m_names.intern(cleanText(budget.memberId.toUtf8())));
    }
    return calls;
}

/// Reads all that a budget counts. That and the positions of the journals must be of one moment.
Result<BudgetTally *> BudgetTallies::readAnew(const ports::GrantQuestion &question)
{
    const Budget &budget = question.budget;
    forget(budget.id);
    if (m_calls.size() >= maxTallies) {
        clear();
    }
    TRY(const Calls calls, callsOf(budget));
    TRY(const Transaction moment, Transaction::beginReading(m_database));
    TRY_VOID(catchUp());
    TRY(const std::vector<ports::Spending> found, spendings(m_database, budget, question.since));
    m_calls.insert_or_assign(budget.id, calls);
    BudgetTally &tally =
        m_tallies[calls].emplace(budget.id, BudgetTally(budget, question.since)).first->second;
    std::ranges::for_each(found, [&tally](const ports::Spending &sum) { tally.add(sum); });
    return &tally;
}

Result<BudgetTallies::Positions> BudgetTallies::readPositions()
{
    Positions positions;
    TRY_VOID(m_database.each("journal/select_all"_L1, {}, [&positions](const QSqlQuery &row) {
        positions.emplace(row.value(0).toLongLong(), row.value(1).toULongLong());
    }));
    return positions;
}

/// Says whether reading on to those positions is quicker than reading all. They never move back, unless somebody has
/// put an older state of the database in its place.
bool BudgetTallies::isNear(const Positions &positions) const
{
    std::uint64_t way = 0;
    for (const auto &[journal, end] : positions) {
        const std::uint64_t begin = applied(journal);
        if (end < begin) {
            return false;
        }
        way += end - begin;
    }
    return way <= longestWay;
}

Result<void> BudgetTallies::readUpTo(const Positions &positions)
{
    for (const auto &[journal, end] : positions) {
        const std::uint64_t begin = applied(journal);
        if (m_tallies.empty() || end <= begin) {
            continue;
        }
        const Result<void> read = readBetween(eventId(journal, begin), eventId(journal, end));
        if (!read) {
            clear(); // Some have it, and some do not.
            return read;
        }
    }
    m_positions = positions;
    return {};
}

Result<void> BudgetTallies::readBetween(qint64 first, qint64 beyond)
{
    int rows = pageRows;
    while (rows == pageRows) {
        rows = 0;
        TRY_VOID(m_database.each("grants/select_posted"_L1, {first, beyond},
                                 [this, &first, &rows](const QSqlQuery &row) {
                                     count(row);
                                     first = row.value(Id).toLongLong() + 1;
                                     ++rows;
                                 }));
    }
    return {};
}

/// Adds a call to the tallies of all budgets that it is of. Nobody's calls are of nobody's budget.
void BudgetTallies::count(const QSqlQuery &row)
{
    const auto number = [&row](Column column) { return row.value(column).toLongLong(); };
    const auto text = [&row](Column column) { return row.value(column).toString().toUtf8(); };
    const ports::Spending spending{WallTime(std::chrono::milliseconds(number(StartedAt))),
                                   Money::fromNanos(number(Cost))};
    count({.scope = BudgetScope::Gateway}, spending);
    for (const auto &[scope, column] : namedScopes) {
        if (const qint64 name = number(column); name != 0) {
            count({.scope = scope, .object = name}, spending);
        }
    }
    if (number(Team) != 0 && number(User) != 0) {
        count({.scope = BudgetScope::TeamMember, .object = number(Team), .member = number(User)},
              spending);
    }
    if (!row.isNull(EndUser)) {
        count({.scope = BudgetScope::EndUser, .text = text(EndUser)}, spending);
    }
    // What was cut to fit may be there twice, or be nothing.
    const QByteArrayList tags = tagsOf(text(Tags));
    for (const QByteArray &tag : std::set(tags.begin(), tags.end())) {
        if (!tag.isEmpty()) {
            count({.scope = BudgetScope::Tag, .text = tag}, spending);
        }
    }
}

void BudgetTallies::count(const Calls &calls, const ports::Spending &spending)
{
    if (const auto alike = m_tallies.find(calls); alike != m_tallies.end()) {
        for (auto &[id, tally] : alike->second) {
            tally.add(spending);
            if (tally.isOvergrown()) {
                m_overgrown.insert(id);
            }
        }
    }
}

} // namespace delta::store

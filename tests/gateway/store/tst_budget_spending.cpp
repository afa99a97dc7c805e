// labels: db money
// services: postgres
// dialects: both
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::sampleEntry;
using delta::test::StorePlace;
using std::chrono::milliseconds;

namespace {

/// 2026-05-28T21:00:00Z
constexpr WallTime fullHour(1'780'002'000'000ms);
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

Budget budgetOf(BudgetScope scope)
{
    Budget budget;
    budget.scope = scope;
    budget.scopeId = scope == BudgetScope::Gateway ? QString() : u"a"_s;
    budget.memberId = scope == BudgetScope::TeamMember ? u"b"_s : QString();
    return budget;
}

SpendEntry entryAt(WallTime time, Money cost = Money::fromNanos(1))
{
    SpendEntry entry = sampleEntry("r", cost);
    entry.startedAt = time;
    entry.keyId = "a";
    return entry;
}

/// Makes calls of six hours, most of them close to where an hour ends; the same in every run.
std::vector<SpendEntry> randomEntries()
{
    std::mt19937 random(11);
    const auto below = [&random](std::size_t limit) { return random() % limit; };
    const std::array<QByteArray, 3> texts{"", "a", "b"};
    std::vector<SpendEntry> entries;
    for (int i = 0; i < 500; ++i) {
        const std::array<milliseconds, 5> distances{-1ms, 0ms, 1ms, milliseconds(below(5'000)),
                                                    milliseconds(below(3'600'000))};
        SpendEntry entry = entryAt(fullHour + std::chrono::hours(below(6)) + distances[below(5)],
                                   Money::fromNanos(static_cast<std::int64_t>(below(1'000'000))));
        for (QByteArray *name :
             {&entry.keyId, &entry.userId, &entry.teamId, &entry.endUser, &entry.model,
              &entry.deploymentId, &entry.provider, &entry.organizationId, &entry.tags}) {
            *name = texts[below(3)];
        }
        entries.push_back(entry);
    }
    return entries;
}

bool isOf(const Budget &budget, const SpendEntry &call)
{
    const QByteArray object = budget.scopeId.toUtf8();
    switch (budget.scope) {
    case BudgetScope::Gateway:
        return true;
    case BudgetScope::Team:
        return call.teamId == object;
    case BudgetScope::TeamMember:
        return call.teamId == object && call.userId == budget.memberId.toUtf8();
    case BudgetScope::User:
        return call.userId == object;
    case BudgetScope::Key:
        return call.keyId == object;
    case BudgetScope::EndUser:
        return call.endUser == object;
    case BudgetScope::Model:
        return call.model == object;
    case BudgetScope::Deployment:
        return call.deploymentId == object;
    case BudgetScope::Provider:
        return call.provider == object;
    case BudgetScope::Organization:
        return call.organizationId == object;
    case BudgetScope::Tag:
        return tagsOf(call.tags).contains(object);
    }
    Q_UNREACHABLE_RETURN(false);
}

enum class Source { Calls, Hours };

/// A kind of budget, and how finely the store is to tell what was spent.
struct Kind {
    const char *name;
    std::optional<Period> duration;
    BudgetReset reset;
    milliseconds grain;
    Source source; ///< Of all but end users.
};

const std::array kinds{
    Kind{"for ever", {}, BudgetReset::Calendar, milliseconds::max(), Source::Hours},
    Kind{"for ever, though rolling", {}, BudgetReset::Rolling, milliseconds::max(), Source::Hours},
    Kind{"a month", Period{1, PeriodUnit::Month}, BudgetReset::Calendar, 1h, Source::Hours},
    Kind{"five minutes", Period{5, PeriodUnit::Minute}, BudgetReset::Calendar, 1s, Source::Calls},
    Kind{"rolling seconds", Period{3599, PeriodUnit::Second}, BudgetReset::Rolling, 59'984ms,
         Source::Calls},
    Kind{"a rolling hour", Period{1, PeriodUnit::Hour}, BudgetReset::Rolling, 1min, Source::Calls},
    Kind{"59 rolling hours", Period{59, PeriodUnit::Hour}, BudgetReset::Rolling, 59min,
         Source::Calls},
    Kind{"60 rolling hours", Period{60, PeriodUnit::Hour}, BudgetReset::Rolling, 1h, Source::Hours},
    Kind{"61 rolling hours", Period{61, PeriodUnit::Hour}, BudgetReset::Rolling, 1h, Source::Hours},
};

/// Adds up by hand what the store is to say, in the order of time.
std::vector<ports::Spending> expectedOf(const std::vector<SpendEntry> &entries,
                                        const Budget &budget, WallTime since, const Kind &kind)
{
    std::map<std::pair<bool, std::int64_t>, ports::Spending> sums;
    for (const SpendEntry &entry : entries) {
        if (!isOf(budget, entry) || entry.startedAt < since) {
            continue;
        }
        const WallTime hour = std::chrono::floor<std::chrono::hours>(entry.startedAt);
        const bool isOfHour = kind.source == Source::Hours && budget.scope != BudgetScope::EndUser
            && hour >= since;
        const WallTime at = isOfHour ? hour + 1h - 1ms : entry.startedAt;
        ports::Spending &sum = sums[{isOfHour, at.time_since_epoch() / kind.grain}];
        sum.at = std::max(sum.at, at);
        sum.amount += entry.cost;
    }
    std::vector<ports::Spending> expected;
    for (const auto &[place, sum] : sums) {
        expected.push_back(sum);
    }
    return expected;
}

Money sumOf(const std::vector<ports::Spending> &spendings)
{
    Money sum;
    for (const ports::Spending &spending : spendings) {
        sum += spending.amount;
    }
    return sum;
}

} // namespace

class BudgetSpendingTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    bool m_isBeyondProof = false; ///< Sums beyond 64 bits cannot be verified.

    QString path() const
    {
        return m_place->address();
    }
    void post(const std::vector<SpendEntry> &entries)
    {
        std::vector<ports::PostedEntry> posted;
        std::uint64_t offset = m_store->journalPosition().value().applied;
        for (const SpendEntry &entry : entries) {
            posted.push_back({offset, entry});
            posted.back().entry.requestId = QByteArray::number(quint64(offset));
            offset += 8;
        }
        QVERIFY(m_store->apply(posted, {offset, offset}).has_value());
    }
    std::vector<ports::Spending> spendingsOf(const Budget &budget, WallTime since)
    {
        std::vector<ports::Spending> spendings =
            m_store->spendingOf(budget, since).value().spendings;
        std::ranges::sort(spendings, {}, &ports::Spending::at);
        return spendings;
    }
    void compare(const std::vector<SpendEntry> &entries, Budget budget, const Kind &kind,
                 WallTime since)
    {
        budget.duration = kind.duration;
        budget.reset = kind.reset;
        const auto found = spendingsOf(budget, since);
        const auto expected = expectedOf(entries, budget, since, kind);
        QVERIFY2(found == expected,
                 qPrintable(u"%1 since %2: %3 in %4 sums instead of %5 in %6"_s
                                .arg(QLatin1StringView(kind.name))
                                .arg(qint64(since.time_since_epoch().count()))
                                .arg(sumOf(found).toUsd())
                                .arg(found.size())
                                .arg(sumOf(expected).toUsd())
                                .arg(expected.size())));
    }

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(path(), m_clock, QStringLiteral("journal"));
    }
    void cleanup()
    {
        if (!std::exchange(m_isBeyondProof, false)) {
            const Verification verification = m_store->verify().value();
            QVERIFY2(verification.isSound(), qPrintable(verification.toText()));
        }
        m_store.reset();
    }

    void knowsWhatEachScopeSpent_data()
    {
        QTest::addColumn<QString>("scope");
        for (const QString &name : enumNameList<BudgetScope>()) {
            QTest::newRow(qPrintable(name)) << name;
        }
    }
    void knowsWhatEachScopeSpent()
    {
        QFETCH(const QString, scope);
        const std::vector<SpendEntry> entries = randomEntries();
        post(entries);
        const Budget budget = budgetOf(enumValue<BudgetScope>(scope).value());
        // Neither all of the calls may be found, where there are others, nor none.
        const Money all = sumOf(spendingsOf(budgetOf(BudgetScope::Gateway), WallTime::min()));
        const Money its = sumOf(spendingsOf(budget, WallTime::min()));
        QVERIFY(its > Money());
        QCOMPARE(its < all, budget.scope != BudgetScope::Gateway);
        const WallTime begins[]{WallTime::min(),
                                WallTime(-1ms),
                                WallTime(),
                                fullHour - 1ms,
                                fullHour,
                                fullHour + 1ms,
                                fullHour + 90min,
                                fullHour + 3h - 1ms,
                                fullHour + 3h,
                                fullHour + 3h + 1ms,
                                fullHour + 5h + 1s,
                                fullHour + 6h - 1ms,
                                fullHour + 6h + 1min,
                                WallTime::max()};
        for (const Kind &kind : kinds) {
            for (const WallTime since : begins) {
                compare(entries, budget, kind, since);
                if (QTest::currentTestFailed()) {
                    return;
                }
            }
        }
    }

    void placesASumOfHoursAtItsEnd()
    {
        post({entryAt(fullHour - 10min, Money::fromNanos(1)),
              entryAt(fullHour - 5min, Money::fromNanos(2)),
              entryAt(fullHour + 1min, Money::fromNanos(4)),
              entryAt(fullHour + 2h, Money::fromNanos(8))});
        Budget budget = budgetOf(BudgetScope::Key);
        using Spendings = std::vector<ports::Spending>;
        const ports::Spending before{fullHour - 5min, Money::fromNanos(3)};
        QVERIFY(spendingsOf(budget, fullHour - 30min)
                == (Spendings{before, {fullHour + 3h - 1ms, Money::fromNanos(12)}}));
        budget.duration = Period{1, PeriodUnit::Week};
        budget.reset = BudgetReset::Rolling;
        QVERIFY(spendingsOf(budget, fullHour - 30min)
                == (Spendings{before,
                              {fullHour + 1h - 1ms, Money::fromNanos(4)},
                              {fullHour + 3h - 1ms, Money::fromNanos(8)}}));
        budget.duration = Period{10, PeriodUnit::Minute};
        QVERIFY(spendingsOf(budget, fullHour - 30min)
                == (Spendings{{fullHour - 10min, Money::fromNanos(1)},
                              {fullHour - 5min, Money::fromNanos(2)},
                              {fullHour + 1min, Money::fromNanos(4)},
                              {fullHour + 2h, Money::fromNanos(8)}}));
    }

    void findsNothingUnderNamesThatNoCallHad()
    {
        post({entryAt(fullHour)});
        for (const auto &[scope, name] : enumNames(BudgetScope())) {
            Budget budget = budgetOf(scope);
            budget.scopeId = u"nobody"_s;
            const auto found = m_store->spendingOf(budget, WallTime::min()).value();
            QCOMPARE(found.spendings.empty(), scope != BudgetScope::Gateway);
            QCOMPARE(found.applied, 8U);
        }
        Budget member = budgetOf(BudgetScope::TeamMember);
        member.scopeId = u"team-1"_s;
        member.memberId = u"nobody"_s;
        QVERIFY(spendingsOf(member, WallTime::min()).empty());
        member.memberId = u"user-1"_s;
        QCOMPARE(spendingsOf(member, WallTime::min()).size(), std::size_t(1));
    }

    void countsCallsOfNobodyForNobody()
    {
        SpendEntry entry = entryAt(fullHour);
        for (QByteArray *name :
             {&entry.keyId, &entry.userId, &entry.teamId, &entry.endUser, &entry.model,
              &entry.deploymentId, &entry.provider, &entry.organizationId, &entry.tags}) {
            name->clear();
        }
        post({entry});
        for (const auto &[scope, name] : enumNames(BudgetScope())) {
            Budget budget = budgetOf(scope);
            budget.scopeId.clear();
            budget.memberId.clear();
            QCOMPARE(spendingsOf(budget, WallTime::min()).empty(), scope != BudgetScope::Gateway);
        }
    }

    void findsNamesAsCallsLeaveThem_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
        QTest::newRow("statement") << QByteArray("'; DROP TABLE budgets; -- ?1");
        QTest::newRow("long") << QByteArray(1000, 'x');
        QTest::newRow("other alphabets") << QByteArray("名前");
    }
    void findsNamesAsCallsLeaveThem()
    {
        QFETCH(const QByteArray, name);
        SpendEntry entry = entryAt(fullHour);
        entry.keyId = name;
        entry.endUser = name;
        post({entry});
        for (const BudgetScope scope : {BudgetScope::Key, BudgetScope::EndUser}) {
            Budget budget = budgetOf(scope);
            budget.scopeId = QString::fromUtf8(name);
            QCOMPARE(sumOf(spendingsOf(budget, WallTime::min())), entry.cost);
        }
    }

    void stopsAtTheLargestSumInsteadOfFailing()
    {
        m_isBeyondProof = true;
        std::vector<SpendEntry> entries(2, entryAt(fullHour, Money::fromNanos(highest - 1)));
        entries[1].model = "another";
        post(entries);
        Budget budget = budgetOf(BudgetScope::Key);
        QVERIFY(sumOf(spendingsOf(budget, fullHour)).nanos() >= 9'000'000'000'000'000'000);
        QCOMPARE(sumOf(spendingsOf(budget, fullHour - 1ms)).nanos(),
                 sumOf(spendingsOf(budget, fullHour)).nanos());
        budget.duration = Period{1, PeriodUnit::Day};
        budget.reset = BudgetReset::Rolling;
        QCOMPARE(sumOf(spendingsOf(budget, fullHour)).nanos(), highest);
        budget.scope = BudgetScope::Model;
        budget.scopeId = u"another"_s;
        budget.duration.reset();
        QVERIFY(sumOf(spendingsOf(budget, fullHour)).nanos() >= 9'000'000'000'000'000'000);
    }

    void knowsHowFarTheJournalWasApplied()
    {
        const Budget budget = budgetOf(BudgetScope::Gateway);
        QCOMPARE(m_store->spendingOf(budget, fullHour).value().applied, 0U);
        post({entryAt(fullHour), entryAt(fullHour)});
        QCOMPARE(m_store->spendingOf(budget, fullHour).value().applied, 16U);
        QVERIFY(m_store->apply({}, {4711, 4711}).has_value());
        const auto found = m_store->spendingOf(budget, fullHour).value();
        QCOMPARE(found.applied, 4711U);
        QCOMPARE(sumOf(found.spendings), Money::fromNanos(2));
    }

    void tellsSpendAndPositionOfOneMomentBesideAGatewayThatPosts()
    {
        QVERIFY(m_store->open().has_value());
        std::atomic<bool> isPosting = true;
        std::thread poster([this, &isPosting] {
            Store ledgerStore(path(), m_clock, QStringLiteral("journal"));
            std::uint64_t offset = 0;
            while (isPosting) {
                SpendEntry entry = entryAt(fullHour);
                entry.requestId = QByteArray::number(quint64(offset));
                if (ledgerStore.apply({{offset, entry}}, {offset + 8, offset + 8})) {
                    offset += 8;
                }
            }
        });
        const Budget budget = budgetOf(BudgetScope::Key);
        std::uint64_t spent = 0;
        std::uint64_t applied = 0;
        // Each call costs a nano and moves the position by eight.
        while (spent * 8 == applied && spent < 100) {
            const auto found = m_store->spendingOf(budget, WallTime::min()).value();
            spent = static_cast<std::uint64_t>(sumOf(found.spendings).nanos());
            applied = found.applied;
        }
        isPosting = false;
        poster.join();
        QCOMPARE(spent * 8, applied);
    }
};

QTEST_GUILESS_MAIN(BudgetSpendingTest)
#include "tst_budget_spending.moc"

// labels: db money
// services: postgres
// dialects: both
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <array>
#include <chrono>
#include <random>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::sampleEntry;
using delta::test::StorePlace;

namespace {

/// 2026-05-28T21:00:00Z
constexpr WallTime fullHour(1'780'002'000'000ms);

struct Names {
    QByteArray key;
    QByteArray user;
    QByteArray team;
    QByteArray model;
    QByteArray organization = "o";
};

SpendEntry entryAt(WallTime time, const Names &names = {"k", "u", "t", "m"})
{
    SpendEntry entry = sampleEntry("r", Money::fromNanos(1'000 + time.time_since_epoch().count()));
    entry.startedAt = time;
    entry.keyId = names.key;
    entry.userId = names.user;
    entry.teamId = names.team;
    entry.model = names.model;
    entry.organizationId = names.organization;
    return entry;
}

/// Adds up by hand what the filter lets through.
SpendTotals expectedOf(const std::vector<SpendEntry> &entries, const SpendFilter &filter)
{
    SpendTotals totals;
    for (const SpendEntry &entry : entries) {
        const auto is = [](const std::optional<QByteArray> &wanted, const QByteArray &value) {
            return !wanted || *wanted == value;
        };
        if ((filter.from && entry.startedAt < *filter.from)
            || (filter.until && entry.startedAt >= *filter.until) || !is(filter.keyId, entry.keyId)
            || !is(filter.userId, entry.userId) || !is(filter.teamId, entry.teamId)
            || !is(filter.model, entry.model) || !is(filter.organizationId, entry.organizationId)) {
            continue;
        }
        SpendTotals one;
        one.requests = 1;
        one.usage = entry.usage;
        one.latency = entry.latency;
        one.unreportedRequests = entry.usageSource == UsageSource::Reported ? 0 : 1;
        one.unpricedRequests = entry.isPriced ? 0 : 1;
        one.spend = entry.cost;
        one.failedRequests = entry.status >= 400 || entry.outcome == Outcome::Failed ? 1 : 0;
        totals += one;
    }
    return totals;
}

QString textOf(const SpendFilter &filter)
{
    const auto timeText = [](const std::optional<WallTime> &time) {
        return time ? QString::number(time->time_since_epoch().count()) : u"none"_s;
    };
    return u"from %1 until %2"_s.arg(timeText(filter.from), timeText(filter.until));
}

} // namespace

class SpendTotalsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;

    void post(const std::vector<SpendEntry> &entries)
    {
        std::vector<ports::PostedEntry> posted;
        std::uint64_t offset = m_store->journalPosition().value().applied;
        for (const SpendEntry &entry : entries) {
            posted.push_back({offset, entry});
            offset += 8;
        }
        QVERIFY(m_store->apply(posted, {offset, offset}));
    }
    void compare(const std::vector<SpendEntry> &entries, const SpendFilter &filter)
    {
        const SpendTotals totals = m_store->spendTotals(filter).value();
        const SpendTotals expected = expectedOf(entries, filter);
        QVERIFY2(totals == expected,
                 qPrintable(u"%1: %2 instead of %3 calls"_s.arg(textOf(filter))
                                .arg(totals.requests)
                                .arg(expected.requests)));
        // The log must have as many calls as the totals promise.
        QCOMPARE(qint64(m_store->spendLog(filter, {.limit = 1000}).value().size()),
                 totals.requests);
    }

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock, QStringLiteral("journal"));
    }
    void cleanup()
    {
        m_store.reset();
    }

    void countsExactlyWhatARangeHolds_data()
    {
        QTest::addColumn<qint64>("from"); // Milliseconds after the full hour; -1: absent.
        QTest::addColumn<qint64>("until");
        QTest::addColumn<qint64>("requests");
        constexpr qint64 hour = 3'600'000;
        const auto add = [](const char *name, qint64 from, qint64 until, qint64 requests) {
            QTest::newRow(name) << from << until << requests;
        };
        // There is one call at each half hour, five hours long.
        add("everything", -1, -1, 10);
        add("one whole hour", hour, 2 * hour, 2);
        add("all whole hours", 0, 5 * hour, 10);
        add("from within an hour", hour / 2, 5 * hour, 9);
        add("from a moment after a call", hour / 2 + 1, 5 * hour, 8);
        add("until within an hour", 0, 4 * hour + hour / 2, 9);
        add("until a moment after a call", 0, 4 * hour + hour / 2 + 1, 10);
        add("within one hour", hour + 1, 2 * hour - 1, 1);
        add("within one hour, from its begin", hour, hour + 1, 1);
        add("within one hour, until its end", 2 * hour - 1, 2 * hour, 0);
        add("over one full hour", hour - 1, hour + 1, 1);
        add("two parts of hours and nothing between", hour / 2, hour + hour / 2, 2);
        add("two parts and whole hours between", hour / 2, 3 * hour + 1, 6);
        add("one moment", hour, hour + 1, 1);
        add("no time", hour, hour, 0);
        add("no time within an hour", hour + 5, hour + 5, 0);
        add("the end before the begin", 3 * hour, hour + 7, 0);
        add("from alone", 2 * hour + 1, -1, 5);
        add("until alone", -1, 2 * hour + 1, 5);
        add("before all", -1, 0, 0);
        add("after all", 5 * hour, -1, 0);
    }
    void countsExactlyWhatARangeHolds()
    {
        QFETCH(const qint64, from);
        QFETCH(const qint64, until);
        QFETCH(const qint64, requests);
        std::vector<SpendEntry> entries;
        for (int half = 0; half < 10; ++half) {
            entries.push_back(entryAt(fullHour + half * 30min));
        }
        post(entries);
        SpendFilter filter;
        filter.from = from < 0 ? std::nullopt
                               : std::optional(fullHour + std::chrono::milliseconds(from));
        filter.until = until < 0 ? std::nullopt
                                 : std::optional(fullHour + std::chrono::milliseconds(until));
        QCOMPARE(expectedOf(entries, filter).requests, requests);
        compare(entries, filter);
        filter.keyId = "k";
        compare(entries, filter);
    }

    void takesTimesFarAway()
    {
        const std::vector<SpendEntry> entries{entryAt(WallTime()), entryAt(fullHour + 1ms)};
        post(entries);
        compare(entries, {.from = WallTime(-1'000'000h), .until = WallTime(1'000'000h)});
        compare(entries, {.from = WallTime::min(), .until = WallTime::max()});
        compare(entries, {.from = WallTime(), .until = WallTime(1ms)});
        compare(entries, {.until = WallTime(-1ms)});
        compare(entries, {.from = WallTime::max()});
    }

    void addsUpEveryColumnOfAPartOfAnHour()
    {
        std::vector<SpendEntry> entries{entryAt(fullHour + 1min), entryAt(fullHour + 2min),
                                        entryAt(fullHour + 3min)};
        entries[1].usageSource = UsageSource::Estimated;
        entries[1].isPriced = false;
        entries[2].usageSource = UsageSource::None;
        entries[2].usage = {1, 2, 3, 4, 5, 6, 7, 8};
        entries[1].status = 400;
        entries[2].outcome = Outcome::Failed; // Within the answer.
        post(entries);
        compare(entries, {.from = fullHour + 30s, .until = fullHour + 150s});
        compare(entries, {.from = fullHour + 90s, .until = fullHour + 30min});
        compare(entries, {.keyId = "k", .from = fullHour + 90s});
    }

    void agreesWithTheLogForAnyFilter()
    {
        std::mt19937 random(7); // The same calls and questions in every run.
        const auto below = [&random](std::size_t limit) { return random() % limit; };
        const std::array<QByteArray, 3> texts{"", "a", "b"};
        std::vector<SpendEntry> entries;
        for (int i = 0; i < 400; ++i) {
            const WallTime time = fullHour + std::chrono::milliseconds(below(96ULL * 3'600'000));
            entries.push_back(entryAt(time,
                                      {texts[below(3)], texts[below(3)], texts[below(3)],
                                       texts[below(3)], texts[below(3)]}));
            entries.back().status = below(3) == 0 ? 502 : 200;
        }
        post(entries);
        for (int round = 0; round < 300; ++round) {
            SpendFilter filter;
            const auto maybeTime = [&]() -> std::optional<WallTime> {
                const auto minutes = std::chrono::minutes(below(7'200));
                return below(4) == 0 ? std::nullopt : std::optional(fullHour - 10h + minutes);
            };
            const auto maybeName = [&](std::size_t first) -> std::optional<QByteArray> {
                return below(2) == 0 ? std::nullopt
                                     : std::optional(texts[first + below(3 - first)]);
            };
            filter.from = maybeTime();
            filter.until = maybeTime();
            filter.keyId = maybeName(0);
            filter.userId = maybeName(1);
            filter.teamId = maybeName(1);
            filter.model = maybeName(0);
            filter.organizationId = maybeName(1);
            compare(entries, filter);
            if (QTest::currentTestFailed()) {
                return;
            }
        }
    }
};

QTEST_GUILESS_MAIN(SpendTotalsTest)
#include "tst_spend_totals.moc"

// labels: db money
// services: postgres
// dialects: both
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
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
constexpr std::array allDimensions{Dimension::All,        Dimension::Key,   Dimension::User,
                                   Dimension::Team,       Dimension::Model, Dimension::Organization,
                                   Dimension::Deployment, Dimension::Tag,   Dimension::Provider,
                                   Dimension::Status};
using Groups = std::map<QByteArray, SpendTotals>;
using Steps = std::map<std::pair<QByteArray, WallTime>, SpendTotals>;

/// Returns the groups that a call is in.
std::vector<QByteArray> namesOf(const SpendEntry &entry, Dimension dimension)
{
    const std::map<Dimension, QByteArray> names{
        {Dimension::Key, entry.keyId},
        {Dimension::User, entry.userId},
        {Dimension::Team, entry.teamId},
        {Dimension::Organization, entry.organizationId},
        {Dimension::Model, entry.model},
        {Dimension::Deployment, entry.deploymentId},
        {Dimension::Provider, entry.provider},
        {Dimension::Status, QByteArray::number(entry.status)}};
    if (dimension == Dimension::All) {
        return {""};
    }
    std::vector<QByteArray> found;
    const QByteArrayList list = dimension == Dimension::Tag ? entry.tags.split('\n')
                                                            : QByteArrayList{names.at(dimension)};
    std::ranges::copy_if(list, std::back_inserter(found),
                         [](const QByteArray &name) { return !name.isEmpty(); });
    return found;
}

WallTime stepOf(WallTime time, ReportInterval interval)
{
    if (interval == ReportInterval::Day) {
        return std::chrono::floor<std::chrono::days>(time);
    }
    return std::chrono::floor<std::chrono::hours>(time);
}

bool isWithin(const SpendEntry &entry, const WholeHours &range)
{
    return (!range.from || entry.startedAt >= *range.from)
        && (!range.until || entry.startedAt < *range.until);
}

} // namespace

class GroupedReportsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    std::mt19937 m_random{11}; // The same calls and questions in every run.

    std::size_t below(std::size_t limit)
    {
        return m_random() % limit;
    }
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
    SpendEntry randomEntry()
    {
        static constexpr std::array<QByteArrayView, 4> texts{"", "a", "b", "c"};
        static constexpr std::array<QByteArrayView, 4> tags{"", "blue", "red\nblue", "green"};
        static constexpr std::array<int, 3> statuses{200, 429, 502};
        const auto text = [this] { return texts[below(4)].toByteArray(); };
        SpendEntry entry = sampleEntry("r", Money::fromNanos(qint64(below(1'000'000'007))));
        entry.startedAt = fullHour + std::chrono::milliseconds(below(4ULL * 86'400'000));
        entry.keyId = text();
        entry.userId = text();
        entry.teamId = text();
        entry.organizationId = text();
        entry.model = text();
        entry.deploymentId = text();
        entry.provider = text();
        entry.tags = tags[below(4)].toByteArray();
        entry.status = statuses[below(3)];
        entry.outcome = below(4) == 0 ? Outcome::Failed : Outcome::Succeeded;
        entry.isPriced = below(5) != 0;
        entry.usage.inputTokens = qint64(below(5'000));
        return entry;
    }
    std::vector<SpendEntry> postCalls(int count)
    {
        std::vector<SpendEntry> entries;
        for (int i = 0; i < count; ++i) {
            entries.push_back(randomEntry());
        }
        post(entries);
        return entries;
    }
    ReportQuestion randomQuestion()
    {
        const auto maybeTime = [this]() -> std::optional<WallTime> {
            const auto minutes = std::chrono::minutes(below(6ULL * 1440));
            return below(4) == 0 ? std::nullopt : std::optional(fullHour - 24h + minutes);
        };
        ReportQuestion question;
        question.dimension = allDimensions[below(allDimensions.size())];
        question.interval = std::array{ReportInterval::None, ReportInterval::Hour,
                                       ReportInterval::Day}[below(3)];
        const std::optional<WallTime> from = maybeTime();
        question.range = WholeHours::around(from, maybeTime());
        question.page.limit = 1000;
        return question;
    }
    /// Compares a report with what adding up the calls by hand gives, to the nano.
    static void compare(const std::vector<SpendEntry> &entries, const ReportQuestion &question,
                        const SpendReport &report)
    {
        Groups groups;
        Steps steps;
        SpendTotals all;
        for (const SpendEntry &entry : entries) {
            if (!isWithin(entry, question.range)) {
                continue;
            }
            bool isWanted = !question.only;
            for (const QByteArray &name : namesOf(entry, question.dimension)) {
                if (!question.only || *question.only == name) {
                    isWanted = true;
                    groups[name].add(entry);
                    steps[{name, stepOf(entry.startedAt, question.interval)}].add(entry);
                }
            }
            if (isWanted) {
                all.add(entry);
            }
        }
        QVERIFY(report.totals == all);
        Groups told;
        Steps toldSteps;
        for (const ReportGroup &group : report.groups) {
            told[group.name] = group.totals;
            for (const ReportStep &step : group.steps) {
                toldSteps[{group.name, step.start}] = step.totals;
            }
        }
        QCOMPARE(told.size(), report.groups.size());
        QVERIFY(told == groups);
        QVERIFY(toldSteps == (question.interval == ReportInterval::None ? Steps() : steps));
        QVERIFY(
            std::ranges::is_sorted(report.groups, std::ranges::greater(),
                                   [](const ReportGroup &group) { return group.totals.spend; }));
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

    void widensARangeToWholeHours_data()
    {
        QTest::addColumn<qint64>("from"); // Milliseconds after the full hour; -1: absent.
        QTest::addColumn<qint64>("until");
        QTest::addColumn<qint64>("wideFrom");
        QTest::addColumn<qint64>("wideUntil");
        constexpr qint64 hour = 3'600'000;
        const auto add = [](const char *name, qint64 from, qint64 until,
                            std::array<qint64, 2> wide) {
            QTest::newRow(name) << from << until << wide[0] << wide[1];
        };
        add("open", -1, -1, {-1, -1});
        add("whole hours", 0, hour, {0, hour});
        add("a moment into hours", 1, hour + 1, {0, 2 * hour});
        add("a moment before the end of hours", hour - 1, 2 * hour - 1, {0, 2 * hour});
        add("one moment", 5, 6, {0, hour});
    }
    void widensARangeToWholeHours()
    {
        QFETCH(const qint64, from);
        QFETCH(const qint64, until);
        QFETCH(const qint64, wideFrom);
        QFETCH(const qint64, wideUntil);
        const auto at = [](qint64 time) {
            return time < 0 ? std::nullopt
                            : std::optional(fullHour + std::chrono::milliseconds(time));
        };
        const WholeHours range = WholeHours::around(at(from), at(until));
        QVERIFY(range.from == at(wideFrom));
        QVERIFY(range.until == at(wideUntil));
    }

    void takesTimesFarAway()
    {
        const std::vector<SpendEntry> entries = postCalls(3);
        for (const Dimension dimension : allDimensions) {
            ReportQuestion question;
            question.dimension = dimension;
            question.range = WholeHours::around(WallTime::min(), WallTime::max());
            compare(entries, question, m_store->spendReport(question).value());
            question.range = WholeHours::around(WallTime::max(), WallTime::min());
            compare(entries, question, m_store->spendReport(question).value());
        }
    }

    void addsUpExactlyWhatTheCallsOfAnyGroupCost()
    {
        const std::vector<SpendEntry> entries = postCalls(500);
        for (int round = 0; round < 200; ++round) {
            const ReportQuestion question = randomQuestion();
            compare(entries, question, m_store->spendReport(question).value());
            if (QTest::currentTestFailed()) {
                qWarning("question %d", round);
                return;
            }
        }
    }

    void tellsOfOneGroupAlone()
    {
        const std::vector<SpendEntry> entries = postCalls(300);
        for (int round = 0; round < 100; ++round) {
            ReportQuestion question = randomQuestion();
            if (question.dimension == Dimension::All) {
                continue;
            }
            question.only = question.dimension == Dimension::Status ? "429"
                : question.dimension == Dimension::Tag              ? "blue"
                                                                    : "b";
            compare(entries, question, m_store->spendReport(question).value());
            if (QTest::currentTestFailed()) {
                return;
            }
        }
        for (const Dimension dimension : {Dimension::Key, Dimension::Tag, Dimension::Status}) {
            ReportQuestion question;
            question.dimension = dimension;
            question.only = "nobody";
            const SpendReport report = m_store->spendReport(question).value();
            QVERIFY(report.groups.empty() && report.totals == SpendTotals() && !report.hasMore);
        }
    }

    void pagesThroughAllGroupsInOneOrder()
    {
        std::vector<SpendEntry> entries;
        for (int i = 0; i < 25; ++i) {
            SpendEntry entry = sampleEntry("r", Money::fromNanos(1 + i / 2)); // Some cost the same.
            entry.teamId = "team " + QByteArray::number(i);
            entries.push_back(entry);
        }
        post(entries);
        ReportQuestion question;
        question.dimension = Dimension::Team;
        question.page.limit = 10;
        SpendReport paged;
        for (const bool hasMore : {true, true, false}) {
            const SpendReport page = m_store->spendReport(question).value();
            QCOMPARE(page.hasMore, hasMore);
            QCOMPARE(page.totals.requests, 25); // Of all groups.
            std::ranges::copy(page.groups, std::back_inserter(paged.groups));
            paged.totals = page.totals;
            question.page.offset += 10;
        }
        question.page = {};
        compare(entries, question, paged);
        question.page.limit = 0;
        const SpendReport none = m_store->spendReport(question).value();
        QVERIFY(none.groups.empty() && none.hasMore);
        question.page = {.limit = 25};
        QVERIFY(!m_store->spendReport(question).value().hasMore);
    }

    void callsAKeyByItsAlias()
    {
        ports::StoredKey key;
        key.key.id = u"k1"_s;
        key.key.alias = u"night shift"_s;
        key.mac = QByteArray(32, 'm');
        QVERIFY(m_store->insertKey(key));
        std::vector<SpendEntry> entries{sampleEntry("r", Money::fromNanos(2)),
                                        sampleEntry("r", Money::fromNanos(1))};
        entries[0].keyId = "k1";
        entries[1].keyId = "revoked";
        entries[1].teamId = "k1"; // A team of the same name has nothing to do with it.
        post(entries);
        ReportQuestion question;
        question.dimension = Dimension::Key;
        const SpendReport all = m_store->spendReport(question).value();
        QCOMPARE(all.groups.size(), 2U);
        QCOMPARE(all.groups[0].alias, "night shift");
        QCOMPARE(all.groups[1].alias, "");
        question.only = "k1";
        QCOMPARE(m_store->spendReport(question).value().groups.at(0).alias, "night shift");
        const SpendReport teams =
            m_store
                ->spendReport({.dimension = Dimension::Team, .only = "k1", .range = {}, .page = {}})
                .value();
        QCOMPARE(teams.groups.at(0).alias, "");
    }

    void staysWhenTheCallsAreNoLongerKept()
    {
        const std::vector<SpendEntry> entries = postCalls(50);
        const ReportQuestion question{.dimension = Dimension::Team, .range = {}, .page = {}};
        const SpendReport before = m_store->spendReport(question).value();
        while (m_store->removeEventsBefore(fullHour + 24h * 60).value()) { }
        QVERIFY(m_store->spendLog({}, {}).value().empty());
        QVERIFY(m_store->spendReport(question).value().totals == before.totals);
        compare(entries, question, m_store->spendReport(question).value());
    }
};

QTEST_GUILESS_MAIN(GroupedReportsTest)
#include "tst_grouped_reports.moc"

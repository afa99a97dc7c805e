// labels: db money
// services: postgres
// dialects: both
#include "gateway/store/alert_outbox.h"
#include "gateway/store/store.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::auth::test::StoppedClock;
using delta::test::sampleEntry;
using delta::test::StorePlace;

namespace {

/// 2026-05-28T21:00:00Z
constexpr WallTime fullHour(1'780'002'000'000ms);
constexpr std::array dimensions{Dimension::Key,          Dimension::User,   Dimension::Team,
                                Dimension::Organization, Dimension::Model,  Dimension::Deployment,
                                Dimension::Provider,     Dimension::Status, Dimension::Tag,
                                Dimension::EndUser};

qint64 hourOf(WallTime time)
{
    return std::chrono::floor<std::chrono::hours>(time.time_since_epoch()).count();
}

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
        {Dimension::EndUser, entry.endUser},
        {Dimension::Status, QByteArray::number(entry.status)}};
    const QByteArrayList list = dimension == Dimension::Tag ? entry.tags.split('\n')
                                                            : QByteArrayList{names.at(dimension)};
    std::vector<QByteArray> found;
    std::ranges::copy_if(list, std::back_inserter(found),
                         [](const QByteArray &name) { return !name.isEmpty(); });
    return found;
}

bool isIn(const SpendEntry &entry, Dimension dimension, const std::vector<QByteArray> &names)
{
    return std::ranges::any_of(namesOf(entry, dimension), [&names](const QByteArray &name) {
        return std::ranges::contains(names, name);
    });
}

bool isReached(const SpendEntry &entry, const ListReach &reach)
{
    return reach.isAll || reach.organizations.contains(QString::fromUtf8(entry.organizationId))
        || reach.teams.contains(QString::fromUtf8(entry.teamId))
        || (!reach.user.isEmpty() && reach.user == QString::fromUtf8(entry.userId));
}

} // namespace

/// Questions of all kinds against the calls themselves.
class UsageReportsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    StoppedClock m_clock; ///< Stands on the third of five days: two are over.
    std::unique_ptr<Store> m_store;
    std::mt19937 m_random{11}; // The same calls and questions in every run.
    std::vector<SpendEntry> m_entries;

    std::size_t below(std::size_t limit)
    {
        return m_random() % limit;
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
        entry.endUser = text();
        entry.tags = tags[below(4)].toByteArray();
        entry.status = statuses[below(3)];
        entry.outcome = below(4) == 0 ? Outcome::Failed : Outcome::Succeeded;
        entry.isPriced = below(5) != 0;
        entry.usage.inputTokens = qint64(below(5'000));
        return entry;
    }
    std::vector<qint64> randomBounds()
    {
        std::set<qint64> bounds;
        const std::size_t count = 2 + below(6);
        while (bounds.size() < count) {
            bounds.insert(hourOf(fullHour) - 30 + qint64(below(160)));
        }
        return {bounds.begin(), bounds.end()};
    }
    UsageFilter randomFilter(Dimension dimension)
    {
        if (dimension == Dimension::Status) {
            return {dimension, {"429", "200"}};
        }
        if (dimension == Dimension::Tag) {
            return {dimension, {"blue"}};
        }
        return {dimension,
                below(2) == 0 ? std::vector<QByteArray>{"a"}
                              : std::vector<QByteArray>{"b", "never"}};
    }
    ListReach randomReach()
    {
        switch (below(4)) {
        case 0:
            return {.isAll = false, .organizations = {u"a"_s}, .teams = {}, .user = {}};
        case 1:
            return {.isAll = false, .organizations = {u"b"_s}, .teams = {u"a"_s}, .user = u"c"_s};
        default:
            return {.isAll = true, .organizations = {}, .teams = {}, .user = {}};
        }
    }
    UsageQuestion randomQuestion()
    {
        UsageQuestion question;
        question.reach = randomReach();
        // The last two are asked for alone.
        const auto some = [this] { return dimensions[below(dimensions.size() - 2)]; };
        const bool isAlone = below(6) == 0 && question.reach.isAll;
        if (isAlone) {
            const Dimension alone = dimensions[dimensions.size() - 1 - below(2)];
            question.group = below(2) == 0 ? alone : Dimension::All;
            if (question.group == Dimension::All) {
                question.filters.push_back(randomFilter(alone));
            }
        } else {
            question.group = below(3) == 0 ? Dimension::All : some();
            for (std::size_t i = below(3); i > 0; --i) {
                const Dimension dimension = some();
                if (!std::ranges::contains(question.filters, dimension, &UsageFilter::dimension)) {
                    question.filters.push_back(randomFilter(dimension));
                }
            }
        }
        question.bounds = randomBounds();
        question.hasSteps = below(2) == 0;
        question.limit = 1 + qint64(below(4));
        return question;
    }
    bool isAsked(const SpendEntry &entry, const UsageQuestion &question)
    {
        const qint64 hour = hourOf(entry.startedAt);
        return hour >= question.bounds.front() && hour < question.bounds.back()
            && isReached(entry, question.reach)
            && std::ranges::all_of(
                   question.filters,
                   [&entry](const UsageFilter &filter) {
                       return isIn(entry, filter.dimension, filter.names);
                   });
    }
    static void count(const SpendEntry &entry, const UsageQuestion &question, SpendTotals &totals,
                      std::vector<SpendTotals> &steps)
    {
        totals.add(entry);
        if (question.hasSteps) {
            steps.resize(question.bounds.size() - 1);
            const auto beyond = std::ranges::upper_bound(question.bounds, hourOf(entry.startedAt));
            steps[static_cast<std::size_t>(beyond - question.bounds.begin() - 1)].add(entry);
        }
    }
    void post(int count)
    {
        std::vector<ports::PostedEntry> posted;
        std::uint64_t offset = m_store->journalPosition().value().applied;
        for (int i = 0; i < count; ++i) {
            m_entries.push_back(randomEntry());
            posted.push_back({offset, m_entries.back()});
            offset += 8;
        }
        QVERIFY(m_store->apply(posted, {offset, offset}));
    }
    /// Works the answer out of the calls.
    UsageReport expected(const UsageQuestion &question)
    {
        UsageReport report;
        report.steps.resize(question.hasSteps ? question.bounds.size() - 1 : 0);
        std::map<QByteArray, UsageGroup> groups;
        for (const SpendEntry &entry : m_entries) {
            if (!isAsked(entry, question)) {
                continue;
            }
            count(entry, question, report.totals, report.steps);
            for (const QByteArray &name : question.group == Dimension::All
                     ? std::vector<QByteArray>()
                     : namesOf(entry, question.group)) {
                UsageGroup &group = groups[name];
                group.name = name;
                group.steps.resize(report.steps.size());
                count(entry, question, group.totals, group.steps);
            }
        }
        for (auto &[name, group] : groups) {
            report.groups.push_back(group);
        }
        std::ranges::stable_sort(report.groups, std::greater(),
                                 [](const UsageGroup &group) { return group.totals.spend; });
        report.hasMore = std::ssize(report.groups) > question.limit;
        report.groups.resize(std::min(report.groups.size(), std::size_t(question.limit)));
        return report;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_clock.now = fullHour + 48h;
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock, u"test"_s);
        QVERIFY(m_store->open());
        m_store->useAuditMac([](QByteArrayView bytes) { return bytes.toByteArray(); });
        post(600);
    }

    void agreesWithTheCallsOnEveryQuestionAlsoIfItIsAskedAgainAfterLateCalls()
    {
        std::vector<UsageQuestion> questions;
        for (int i = 0; i < 150; ++i) {
            questions.push_back(randomQuestion());
        }
        int withGroups = 0;
        for (int i = 0; i < 600; ++i) {
            if (below(8) == 0) {
                post(1);
            }
            const UsageQuestion &question = questions[below(questions.size())];
            const UsageReport wanted = expected(question);
            const auto got = m_store->usage(question);
            QVERIFY2(got.has_value(), qPrintable(got ? QString() : got.error().message));
            QCOMPARE(got->totals, wanted.totals);
            QCOMPARE(got->steps, wanted.steps);
            QCOMPARE(got->hasMore, wanted.hasMore);
            QCOMPARE(got->groups.size(), wanted.groups.size());
            for (std::size_t j = 0; j < wanted.groups.size(); ++j) {
                QCOMPARE(got->groups[j].name, wanted.groups[j].name);
                QCOMPARE(got->groups[j].totals, wanted.groups[j].totals);
                QCOMPARE(got->groups[j].steps, wanted.groups[j].steps);
                ++withGroups;
            }
        }
        QVERIFY(withGroups > 300);
    }

    void tellsNothingOfWhatWasNeverThere()
    {
        UsageQuestion question;
        question.reach.isAll = true;
        question.filters.push_back({Dimension::Team, {"never"}});
        question.group = Dimension::Model;
        question.bounds = {hourOf(fullHour), hourOf(fullHour) + 48};
        question.hasSteps = true;
        const UsageReport report = m_store->usage(question).value();
        QCOMPARE(report.totals, SpendTotals());
        QCOMPARE(report.steps.size(), 1U);
        QVERIFY(report.groups.empty());
    }

    void tellsNothingToWhomNothingIsShown()
    {
        UsageQuestion question;
        question.bounds = {hourOf(fullHour), hourOf(fullHour) + 48};
        QCOMPARE(m_store->usage(question).value().totals, SpendTotals());
    }

    void forgetsAnErasedEndUserAndKeepsTheSumsRight()
    {
        UsageQuestion question;
        question.reach.isAll = true;
        question.group = Dimension::EndUser;
        question.bounds = {hourOf(fullHour) - 30, hourOf(fullHour) + 160};
        QCOMPARE(m_store->usage(question).value().groups.size(), 3U);
        const SpendTotals before = m_store->usage(question).value().totals;
        AlertOutbox outbox(*m_store);
        for (const char *name : {"b", "c"}) {
            const QByteArray told = QByteArray("{\"scope\":\"end_user\",\"scope_id\":\"") + name
                + "\"}";
            QVERIFY(outbox.queue({QString::fromLatin1(name), told, m_clock.wall(), {u"email"_s}}));
        }
        AuditEvent event;
        event.action = u"end_user.erase"_s;
        QVERIFY(m_store->eraseEndUser(u"b"_s, event));
        QCOMPARE(outbox.newest(9).value().size(), 1U);
        QCOMPARE(outbox.newest(9).value().front().place.id, u"c"_s);
        const UsageReport after = m_store->usage(question).value();
        QCOMPARE(after.groups.size(), 2U);
        QVERIFY(!std::ranges::contains(after.groups, QByteArray("b"), &UsageGroup::name));
        QCOMPARE(after.totals, before);
        // The calls of this test have one id; there is nothing else to find.
        QCOMPARE(m_store->verify().value().mismatches,
                 QStringList{u"request r: %1 events"_s.arg(m_entries.size())});
    }

    void saysThatATagIsCountedAlone()
    {
        UsageQuestion question;
        question.reach.isAll = true;
        question.group = Dimension::Tag;
        question.filters.push_back({Dimension::Team, {"a"}});
        question.bounds = {hourOf(fullHour), hourOf(fullHour) + 48};
        const auto refused = m_store->usage(question);
        QCOMPARE(refused.error().kind, ErrorKind::Unsupported);
        QCOMPARE(refused.error().param, u"tag"_s);
    }
};

QTEST_GUILESS_MAIN(UsageReportsTest)
#include "tst_usage_reports.moc"

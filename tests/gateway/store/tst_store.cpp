// labels: db money
// services: postgres
// dialects: both
#include "gateway/store/clean_text.h"
#include "gateway/store/database.h"
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace delta;
using namespace delta::store;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using delta::test::sampleEntry;
using delta::test::StorePlace;

namespace {

constexpr qint64 highest = std::numeric_limits<qint64>::max();

ports::StoredKey sampleKey(const QString &id)
{
    ports::StoredKey stored;
    stored.key.id = id;
    stored.key.alias = QStringLiteral("alias of ") + id;
    stored.key.hint = QStringLiteral("wxyz");
    stored.key.userId = QStringLiteral("user-1");
    stored.key.teamId = QStringLiteral("team-1");
    stored.key.models = {QStringLiteral("gpt-x"), QStringLiteral("a \"quoted\" model")};
    stored.key.expiresAt = WallTime(1'900'000'000'000ms);
    stored.key.blocked = true;
    stored.key.organizationId = QStringLiteral("org-1");
    stored.key.tags = {QStringLiteral("blue"), QStringLiteral("a \"quoted\" tag")};
    stored.key.limits = {1, 2, 3, 4, 5, 6, 7};
    stored.key.createdAt = WallTime(1'780'000'000'000ms);
    stored.mac = QByteArray(32 - id.size(), '\0') + id.toUtf8();
    return stored;
}

std::vector<ports::PostedEntry> batch(std::uint64_t first, int count)
{
    std::vector<ports::PostedEntry> entries;
    for (int i = 0; i < count; ++i) {
        const std::uint64_t offset = first + static_cast<std::uint64_t>(i) * 8;
        entries.push_back({offset, sampleEntry("req-" + QByteArray::number(offset))});
    }
    return entries;
}

QByteArrayList idsOf(const std::vector<ports::PostedEntry> &entries)
{
    QByteArrayList ids;
    for (const ports::PostedEntry &posted : entries) {
        ids.append(posted.entry.requestId);
    }
    return ids;
}

} // namespace

class StoreTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    bool m_isBeyondProof = false;

    QString path() const
    {
        return m_place->address();
    }
    void post(const SpendEntry &entry)
    {
        const std::uint64_t offset = m_store->journalPosition().value().applied;
        QVERIFY(m_store->apply({{offset, entry}}, {offset + 8, offset + 8}).has_value());
    }

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(path(), m_clock, QStringLiteral("journal"));
    }
    /// Whatever a test did through the store's own doors, the books must balance.
    void cleanup()
    {
        if (!std::exchange(m_isBeyondProof, false)) {
            const Verification verification = m_store->verify().value();
            QVERIFY2(verification.isSound(), qPrintable(verification.toText()));
        }
        m_store.reset();
    }

    void readsBackEveryMemberOfAnEntry_data()
    {
        QTest::addColumn<QByteArray>("variant");
        QTest::newRow("full") << QByteArray("full");
        QTest::newRow("empty") << QByteArray("empty");
    }
    void readsBackEveryMemberOfAnEntry()
    {
        QFETCH(const QByteArray, variant);
        const SpendEntry entry = variant == "full" ? sampleEntry("req-1") : SpendEntry();
        QVERIFY(m_store->apply({{4711, entry}}, {4800, 4750}).has_value());
        const auto log = m_store->spendLog({}, {}).value();
        QCOMPARE(log.size(), std::size_t(1));
        QCOMPARE(log[0].offset, 4711U);
        QCOMPARE(log[0].entry, entry);
        QCOMPARE(m_store->journalPosition().value().applied, 4800U);
        QCOMPARE(m_store->journalPosition().value().retain, 4750U);
    }

    void postsABatchOnceHoweverOftenItComes()
    {
        const auto entries = batch(800, 10);
        for (int i = 0; i < 3; ++i) {
            QVERIFY(m_store->apply(entries, {880, 880}).has_value());
        }
        QCOMPARE(m_store->spendTotals({}).value().requests, 10);
        // A batch that overlaps, as after a crash between two batches.
        QVERIFY(m_store->apply(batch(840, 10), {920, 920}).has_value());
        QCOMPARE(m_store->spendTotals({}).value().requests, 15);
        QCOMPARE(m_store->spendTotals({}).value().spend,
                 Money::fromNanos(15 * sampleEntry("").cost.nanos()));
    }

    // Another process may have brought it further, to sums that this program would leave out.
    void postsNothingIntoASchemaThatItDoesNotKnow()
    {
        QVERIFY(m_store->apply(batch(800, 1), {808, 808}).has_value());
        const auto other = Database::open(path()).value();
        QVERIFY(other->run("schema/insert_version"_L1, {999, 0}).has_value());
        const Result<void> refused = m_store->apply(batch(808, 1), {816, 816});
        QVERIFY(!refused);
        QVERIFY(refused.error().message.contains(u"schema version 999"));
        QCOMPARE(m_store->journalPosition().value().applied, 808U);
        QVERIFY(other->execute(u"DELETE FROM schema_version WHERE version = 999"_s).has_value());
        QVERIFY(m_store->apply(batch(808, 1), {816, 816}).has_value());
        QCOMPARE(m_store->spendTotals({}).value().requests, 2);
    }

    void neverMovesThePositionBack()
    {
        QVERIFY(m_store->apply({}, {1000, 900}).has_value());
        QVERIFY(m_store->apply({}, {500, 400}).has_value());
        QCOMPARE(m_store->journalPosition().value().applied, 1000U);
        QCOMPARE(m_store->journalPosition().value().retain, 900U);
    }

    void addsTheCostToTheKey()
    {
        ports::StoredKey key = sampleKey(QStringLiteral("key00001"));
        QVERIFY(m_store->insertKey(key).has_value());
        post(sampleEntry("a", Money::fromNanos(5)));
        post(sampleEntry("b", Money::fromNanos(7)));
        QCOMPARE(m_store->loadKeys().value().at(0).key.spend, Money::fromNanos(12));
    }

    void stopsAtTheLargestSumInsteadOfLosingNanos()
    {
        QVERIFY(m_store->insertKey(sampleKey(QStringLiteral("key00001"))).has_value());
        post(sampleEntry("a", Money::fromNanos(highest - 1)));
        post(sampleEntry("b", Money::fromNanos(highest - 1)));
        QCOMPARE(m_store->spendTotals({}).value().spend.nanos(), highest);
        QCOMPARE(m_store->loadKeys().value().at(0).key.spend.nanos(), highest);
        // Beyond 64 bits nothing can be proved any more, and that is said.
        const auto verified = m_store->verify();
        QVERIFY(!verified || !verified->isSound());
        m_isBeyondProof = true;
    }

    void postsImpossibleCountsWithoutGettingStuck()
    {
        SpendEntry entry = sampleEntry("absurd");
        entry.usage = {highest, highest, highest, highest, highest, highest, highest, highest};
        entry.latency = std::chrono::microseconds::max();
        entry.startedAt = WallTime(-5h);
        for (int i = 0; i < 20; ++i) {
            entry.requestId = "absurd-" + QByteArray::number(i);
            post(entry);
        }
        entry.requestId = "negative";
        entry.usage = {-1, -1, -1, -1, -1, -1, -1, -1};
        entry.latency = -1us;
        post(entry);
        QCOMPARE(m_store->spendTotals({}).value().requests, 21);
    }

    void postsAnyTexts()
    {
        const QByteArray hostile[] = {QByteArray("a\0b", 3),
                                      "\xff\xfe",
                                      "'; DROP TABLE spend_events; --",
                                      ":name ?1",
                                      QByteArray(100'000, 'x'),
                                      "\xed\xa0\x80",
                                      "\r\n\t\x1b[2J",
                                      "=1+1",
                                      "名前"};
        for (const QByteArray &text : hostile) {
            SpendEntry entry;
            for (QByteArray *member :
                 {&entry.requestId, &entry.clientRequestId, &entry.operation, &entry.keyId,
                  &entry.userId, &entry.teamId, &entry.endUser, &entry.model, &entry.deploymentId,
                  &entry.provider, &entry.upstreamModel, &entry.errorCode, &entry.organizationId,
                  &entry.tags}) {
                *member = text;
            }
            post(entry);
            const auto log = m_store->spendLog({.keyId = text, .model = text}, {}).value();
            QCOMPARE(log.size(), std::size_t(1));
            QCOMPARE(log[0].entry.requestId, cleanText(text));
        }
    }

    void filtersTheLog_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<QByteArrayList>("expected");
        QTest::newRow("everything, newest first")
            << QByteArray("") << QByteArrayList{"5", "4", "3", "2", "1", "0"};
        QTest::newRow("key") << QByteArray("key") << QByteArrayList{"4", "2", "0"};
        QTest::newRow("user") << QByteArray("user") << QByteArrayList{"5", "2"};
        QTest::newRow("team") << QByteArray("team") << QByteArrayList{"3"};
        QTest::newRow("model") << QByteArray("model") << QByteArrayList{"4", "1"};
        QTest::newRow("organization") << QByteArray("organization") << QByteArrayList{"5", "4"};
        QTest::newRow("tag") << QByteArray("tag") << QByteArrayList{"3", "2"};
        QTest::newRow("tag and key") << QByteArray("tag key") << QByteArrayList{"2"};
        QTest::newRow("tag and model") << QByteArray("tag model") << QByteArrayList{};
        QTest::newRow("tag and time") << QByteArray("tag from") << QByteArrayList{"3"};
        QTest::newRow("key and model") << QByteArray("key model") << QByteArrayList{"4"};
        QTest::newRow("from") << QByteArray("from") << QByteArrayList{"5", "4", "3"};
        QTest::newRow("until") << QByteArray("until") << QByteArrayList{"3", "2", "1", "0"};
        QTest::newRow("from and until") << QByteArray("from until") << QByteArrayList{"3"};
        QTest::newRow("key and time") << QByteArray("key from") << QByteArrayList{"4"};
        QTest::newRow("limit") << QByteArray("limit") << QByteArrayList{"5", "4"};
        QTest::newRow("limit and offset") << QByteArray("limit offset") << QByteArrayList{"2", "1"};
        QTest::newRow("unknown key") << QByteArray("unknown") << QByteArrayList{};
    }
    void filtersTheLog()
    {
        QFETCH(const QByteArray, what);
        QFETCH(const QByteArrayList, expected);
        const WallTime begin(1'780'002'123'456ms);
        for (int i = 0; i < 6; ++i) {
            SpendEntry entry = sampleEntry(QByteArray::number(i));
            entry.keyId = i % 2 == 0 ? "even" : "odd";
            entry.userId = i % 3 == 2 ? "u" : "";
            entry.teamId = i == 3 ? "t" : "other";
            entry.organizationId = i >= 4 ? "o" : "";
            entry.tags = i == 2 ? "t\nother" : i == 3 ? "t" : "";
            entry.model = i % 3 == 1 ? "m" : "n";
            entry.startedAt = begin + std::chrono::hours(i);
            post(entry);
        }
        const QByteArrayList words = what.split(' ');
        SpendFilter filter;
        Page page;
        for (const QByteArray &word : words) {
            if (word == "key") {
                filter.keyId = "even";
            } else if (word == "unknown") {
                filter.keyId = "nobody";
            } else if (word == "user") {
                filter.userId = "u";
            } else if (word == "team") {
                filter.teamId = "t";
            } else if (word == "organization") {
                filter.organizationId = "o";
            } else if (word == "tag") {
                filter.tag = "t";
            } else if (word == "model") {
                filter.model = "m";
            } else if (word == "from") {
                filter.from = begin + 3h;
            } else if (word == "until") {
                filter.until = begin + 4h;
            } else if (word == "limit") {
                page.limit = 2;
            } else if (word == "offset") {
                page.offset = 3;
            }
        }
        QCOMPARE(idsOf(m_store->spendLog(filter, page).value()), expected);
        if (!what.startsWith("limit")) {
            QCOMPARE(m_store->spendTotals(filter).value().requests, expected.size());
        }
    }

    void limitsTheLogToAThousandCalls()
    {
        QVERIFY(m_store->apply(batch(8, 1500), {100'000, 100'000}).has_value());
        QCOMPARE(m_store->spendLog({}, {}).value().size(), std::size_t(100));
        QCOMPARE(m_store->spendLog({}, {.limit = 1'000'000}).value().size(), std::size_t(1000));
        QCOMPARE(m_store->spendLog({}, {.limit = -1, .offset = -1}).value().size(), std::size_t(0));
        QCOMPARE(m_store->spendLog({}, {.limit = 1000, .offset = 1000}).value().size(),
                 std::size_t(500));
    }

    void addsUpEveryCount()
    {
        const SpendEntry entry = sampleEntry("a");
        SpendEntry estimated = sampleEntry("b");
        estimated.usageSource = UsageSource::Estimated;
        estimated.isPriced = false;
        post(entry);
        post(estimated);
        const SpendTotals totals = m_store->spendTotals({.keyId = entry.keyId}).value();
        QCOMPARE(totals.requests, 2);
        QCOMPARE(totals.usage, (Usage{2000, 400, 600, 80, 100, 12, 14, 16}));
        QCOMPARE(totals.latency, 2 * entry.latency);
        QCOMPARE(totals.unreportedRequests, 1);
        QCOMPARE(totals.unpricedRequests, 1);
        QCOMPARE(totals.spend.nanos(), 2 * entry.cost.nanos());
    }

    void readsBackAKey()
    {
        const ports::StoredKey full = sampleKey(QStringLiteral("key00001"));
        ports::StoredKey bare;
        bare.key.id = QStringLiteral("key00002");
        bare.mac = QByteArray(32, 'b');
        ports::StoredKey alsoBare = bare;
        // Two keys without alias are not in each other's way.
        alsoBare.key.id = QStringLiteral("key00003");
        alsoBare.mac = QByteArray(32, 'c');
        for (const auto &key : {full, bare, alsoBare}) {
            QVERIFY(m_store->insertKey(key).has_value());
        }
        const auto keys = m_store->loadKeys().value();
        QCOMPARE(keys.size(), std::size_t(3));
        QCOMPARE(keys[0].key, full.key);
        QCOMPARE(keys[0].mac, full.mac);
        QCOMPARE(keys[1].key, bare.key);
        QCOMPARE(keys[2].key, alsoBare.key);
    }

    void refusesASecondKeyWithTheSameAlias()
    {
        QVERIFY(m_store->insertKey(sampleKey(QStringLiteral("key00001"))).has_value());
        ports::StoredKey second = sampleKey(QStringLiteral("key00002"));
        second.key.alias = sampleKey(QStringLiteral("key00001")).key.alias;
        const auto refused = m_store->insertKey(second);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::InvalidRequest);
        QCOMPARE(refused.error().param, QStringLiteral("key_alias"));
        second.key.alias = QStringLiteral("another");
        second.mac = sampleKey(QStringLiteral("key00001")).mac;
        QCOMPARE(m_store->insertKey(second).error().param, QStringLiteral("mac"));
        QCOMPARE(m_store->loadKeys().value().size(), std::size_t(1));
    }

    void findsAKeyByIdBeforeAlias()
    {
        ports::StoredKey impostor = sampleKey(QStringLiteral("key00002"));
        impostor.key.alias = QStringLiteral("key00001");
        QVERIFY(m_store->insertKey(impostor).has_value());
        QVERIFY(m_store->insertKey(sampleKey(QStringLiteral("key00001"))).has_value());
        QCOMPARE(m_store->findKey(QStringLiteral("key00001")).value()->key.id,
                 QStringLiteral("key00001"));
        QCOMPARE(m_store->findKey(QStringLiteral("alias of key00001")).value()->key.id,
                 QStringLiteral("key00001"));
        QVERIFY(!m_store->findKey(QStringLiteral("nobody")).value());
        QVERIFY(!m_store->findKey(QString()).value());
    }

    void keepsTheSpendOfARemovedKey()
    {
        QVERIFY(m_store->insertKey(sampleKey(QStringLiteral("key00001"))).has_value());
        post(sampleEntry("a", Money::fromNanos(5)));
        QVERIFY(m_store->removeKey(QStringLiteral("key00001")).value());
        QVERIFY(!m_store->removeKey(QStringLiteral("key00001")).value());
        QVERIFY(m_store->loadKeys().value().empty());
        post(sampleEntry("b", Money::fromNanos(6)));
        QCOMPARE(m_store->spendLog({.keyId = "key00001"}, {}).value().size(), std::size_t(2));
        // A key that takes the id again takes its debts as well.
        QVERIFY(m_store->insertKey(sampleKey(QStringLiteral("key00001"))).has_value());
        QCOMPARE(m_store->loadKeys().value().at(0).key.spend, Money::fromNanos(11));
    }

    void changesTheMarkWithKeysAndNotWithSpend()
    {
        // Another process, as `keys create` beside a running gateway.
        Store other(path(), m_clock, QStringLiteral("journal"));
        const ports::KeyMark empty = m_store->keyMark().value();
        QVERIFY(other.insertKey(sampleKey(QStringLiteral("key00001"))).has_value());
        const ports::KeyMark inserted = m_store->keyMark().value();
        QVERIFY(inserted.version > empty.version);
        post(sampleEntry("a"));
        QCOMPARE(m_store->keyMark().value(), inserted);
        QVERIFY(other.removeKey(QStringLiteral("key00001")).value());
        QVERIFY(m_store->keyMark().value().version > inserted.version);
        QCOMPARE(other.removeKey(QStringLiteral("key00001")).value(), false);
    }

    void isUsedFromOneThreadAfterAnother()
    {
        post(sampleEntry("a"));
        std::thread([this] { post(sampleEntry("b")); }).join();
        post(sampleEntry("c"));
        QCOMPARE(m_store->spendTotals({}).value().requests, 3);
    }

    void letsOneProcessPost()
    {
        QVERIFY(m_store->journalPosition().has_value());
        Store second(path(), m_clock, QStringLiteral("journal"));
        QVERIFY(second.open().has_value());
        const auto refused = second.journalPosition();
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::StoreUnavailable);
        m_store = std::make_unique<Store>(path(), m_clock, QStringLiteral("journal"));
        // A server needs a moment to see that a connection has ended.
        QVERIFY(
            QTest::qWaitFor([&second] { return second.journalPosition().has_value(); }, 10'000));
    }

    void saysThatItIsUnavailableAndRecovers()
    {
        const QTemporaryDir place;
        const QString folder = place.filePath(QStringLiteral("later"));
        Store store(folder + QStringLiteral("/deltallm.db"), m_clock);
        QCOMPARE(store.open().error().kind, ErrorKind::StoreUnavailable);
        QCOMPARE(store.loadKeys().error().kind, ErrorKind::StoreUnavailable);
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(store.open().has_value());
        QVERIFY(store.loadKeys().has_value());
    }

    void appliesNothingOfABatchThatFails()
    {
        QVERIFY(m_store->apply(batch(8, 3), {100, 100}).has_value());
        // The last entry has an offset that is taken: what a ledger never does.
        auto entries = batch(200, 5);
        entries.push_back(entries.front());
        QCOMPARE(m_store->apply(entries, {300, 300}).error().kind, ErrorKind::StoreUnavailable);
        QCOMPARE(m_store->spendTotals({}).value().requests, 3);
        QCOMPARE(m_store->journalPosition().value().applied, 100U);
        // Names that the failed batch added are found anew.
        QVERIFY(m_store->apply(batch(200, 5), {300, 300}).has_value());
        QCOMPARE(m_store->spendTotals({}).value().requests, 8);
    }

    void loadsAHundredThousandKeys()
    {
        constexpr int count = 100'000;
        {
            QVERIFY(m_store->open().has_value());
            const QString mac = StorePlace::either("CAST(printf('%032d', i) AS BLOB)",
                                                   "convert_to(lpad(i::text, 32, '0'), 'UTF8')");
            const QString statement =
                QStringLiteral("WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
                               "WHERE i < %1) INSERT INTO virtual_keys (key_id, mac, alias, hint, "
                               "user_id, team_id, models, blocked, created_at) "
                               "SELECT 'k' || i, %2, 'alias ' || i, 'abcd', 'u', 't', "
                               "'[\"gpt-x\"]', 0, 0 FROM n")
                    .arg(count - 1)
                    .arg(mac);
            const auto database = Database::open(path()).value();
            QVERIFY(database->execute(statement).has_value());
        }
        QElapsedTimer timer;
        timer.start();
        const auto keys = m_store->loadKeys().value();
        qInfo("%d keys loaded in %lld ms", count, timer.elapsed());
        QCOMPARE(keys.size(), std::size_t(count));
        QCOMPARE(keys.back().key.models, QStringList{QStringLiteral("gpt-x")});
    }
};

QTEST_GUILESS_MAIN(StoreTest)
#include "tst_store.moc"

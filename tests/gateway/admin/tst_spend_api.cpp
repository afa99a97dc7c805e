// labels: unit db money hostile contract
#include "tests/gateway/admin/admin_rig.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using delta::admin::readSpendQuery;
using delta::admin::test::AdminRig;
using delta::admin::test::Answer;
using delta::test::sampleEntry;

namespace {

/// 2026-11-23T08:00:00Z
constexpr WallTime eight(1'795'420'800'000ms);

QStringList idsOf(const Answer &answer)
{
    QStringList ids;
    for (const QJsonValue &entry : answer.body.value("logs"_L1).toArray()) {
        ids.append(entry.toObject().value("request_id"_L1).toString());
    }
    return ids;
}

qint64 pagination(const Answer &answer, QLatin1StringView member)
{
    return answer.body.value("pagination"_L1).toObject().value(member).toInteger(-1);
}

bool hasMore(const Answer &answer)
{
    return answer.body.value("pagination"_L1).toObject().value("has_more"_L1).toBool();
}

} // namespace

class SpendApiTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void readsTheFilter();
    void takesAllForNoFilter();
    void readsTimes_data();
    void readsTimes();
    void namesAWrongParameter_data();
    void namesAWrongParameter();
    void letsOnlyTheMasterIn();
    void showsWhatCallsCost();
    void choosesCalls_data();
    void choosesCalls();
    void pagesThroughAllCalls();
    void saysWhetherThereIsMore_data();
    void saysWhetherThereIsMore();
    void countsExactlyWhatARangeHolds();

private:
    /// Six calls, half an hour apart, the first at eight o'clock, of two keys in turn.
    void postSixCalls();

    std::unique_ptr<AdminRig> m_rig;
};

void SpendApiTest::initTestCase()
{
    m_rig = std::make_unique<AdminRig>();
    postSixCalls();
}

void SpendApiTest::postSixCalls()
{
    std::vector<ports::PostedEntry> entries;
    for (int i = 0; i < 6; ++i) {
        SpendEntry entry = sampleEntry("r" + QByteArray::number(i));
        entry.startedAt = eight + i * 30min;
        entry.keyId = i % 2 == 0 ? "even" : "odd";
        entry.userId = i == 1 ? "user with space" : "u";
        entry.teamId = i < 2 ? "t" : "other";
        entry.model = i == 5 ? "a/b+c" : "m";
        entries.push_back({static_cast<std::uint64_t>(8 * i + 8), entry});
    }
    QVERIFY(m_rig->store.journalPosition());
    QVERIFY(m_rig->store.apply(entries, {100, 100}));
}

void SpendApiTest::cleanup()
{
    QCOMPARE(m_rig->background.work(), 0U);
}

void SpendApiTest::readsTheFilter()
{
    const auto query = readSpendQuery(
        "api_key=k&user_id=a+b&team_id=t%26u&model=org%2Fm&start_date=2026-11-23"
        "&end_date=2026-11-23&limit=7&offset=14");
    QVERIFY(query);
    QCOMPARE(query->filter.keyId, "k");
    QCOMPARE(query->filter.userId, "a b");
    QCOMPARE(query->filter.teamId, "t&u");
    QCOMPARE(query->filter.model, "org/m");
    QCOMPARE(query->filter.from, eight - 8h);
    QCOMPARE(query->filter.until, eight + 16h);
    QCOMPARE(query->page.limit, 7);
    QCOMPARE(query->page.offset, 14);
}

void SpendApiTest::takesAllForNoFilter()
{
    for (const char *text :
         {"", "api_key=&user_id=&team_id=&model=&start_date=&end_date=&limit="}) {
        const auto query = readSpendQuery(text);
        QVERIFY(query);
        QVERIFY(!query->filter.keyId && !query->filter.userId && !query->filter.teamId
                && !query->filter.model && !query->filter.from && !query->filter.until);
        QCOMPARE(query->page.limit, 100);
        QCOMPARE(query->page.offset, 0);
    }
}

void SpendApiTest::readsTimes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("start"); // Milliseconds from eight o'clock.
    QTest::addColumn<qint64>("end");
    constexpr qint64 hour = 3'600'000;
    const auto same = [](const char *text, qint64 time) {
        QTest::newRow(text) << QByteArray(text) << time << time;
    };
    QTest::newRow("a day") << "2026-11-23"_ba << -8 * hour << 16 * hour;
    QTest::newRow("a leap day") << "2024-02-29"_ba
                                << qint64((std::chrono::sys_days(2024y / 2 / 29) - eight) / 1ms)
                                << qint64((std::chrono::sys_days(2024y / 3 / 1) - eight) / 1ms);
    same("2026-11-23T08:00:00Z", 0);
    same("2026-11-23T08:00:00", 0);
    same("2026-11-23T08:00", 0);
    same("2026-11-23T08:00:00.123Z", 123);
    same("2026-11-23%2008:00:01", 1'000);
    same("2026-11-23+08:00:01", 1'000);
    same("2026-11-23T10:00:00%2B02:00", 0);
    same("2026-11-23T10:00:00+02:00", 0);
    same("2026-11-23+10:00:00+02:00", 0);
    same("2026-11-23T03:00:00-05:00", 0);
    same("2026-03-29T02:30:00", (std::chrono::sys_days(2026y / 3 / 29) + 150min - eight) / 1ms);
}

void SpendApiTest::readsTimes()
{
    QFETCH(const QByteArray, text);
    QFETCH(const qint64, start);
    QFETCH(const qint64, end);
    const auto query = readSpendQuery("start_date=" + text + "&end_date=" + text);
    QVERIFY2(query, query ? "" : qPrintable(query.error().message));
    QCOMPARE(qint64((*query->filter.from - eight).count()), start);
    QCOMPARE(qint64((*query->filter.until - eight).count()), end);
}

void SpendApiTest::namesAWrongParameter_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("param");
    for (const char *time : {"yesterday", "2026-13-01", "2026-02-30", "23.11.2026", "1795420800",
                             "2026-11-23T25:00:00Z", "2026-11-23T", "2026-11-23T08:00:00Zulu",
                             "2026-11-23T08:00:00%2B02:00Z", "%00", "2026-11-2x"}) {
        QTest::addRow("from %s", time) << "start_date=" + QByteArray(time) << u"start_date"_s;
        QTest::addRow("until %s", time) << "end_date=" + QByteArray(time) << u"end_date"_s;
    }
    for (const char *count : {"-1", "ten", "1.5", "1e2", "1001", "99999999999999999999", "0x10"}) {
        QTest::addRow("limit %s", count) << "limit=" + QByteArray(count) << u"limit"_s;
    }
    for (const char *count : {"-1", "some", "1000000001", "99999999999999999999"}) {
        QTest::addRow("offset %s", count) << "offset=" + QByteArray(count) << u"offset"_s;
    }
    QTest::newRow("unknown") << "apikey=a"_ba << u"apikey"_s;
    QTest::newRow("unknown without value") << "x"_ba << u"x"_s;
    QTest::newRow("other case") << "Limit=1"_ba << u"Limit"_s;
    QTest::newRow("twice") << "limit=1&model=a&limit=2"_ba << u"limit"_s;
    QTest::newRow("the same twice") << "model=a&model=a"_ba << u"model"_s;
}

void SpendApiTest::namesAWrongParameter()
{
    QFETCH(const QByteArray, query);
    QFETCH(const QString, param);
    const Answer answer = m_rig->spendLogs(query);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.ends, 1);
    QCOMPARE(answer.errorText("param"_L1), param);
    QVERIFY(answer.errorText("message"_L1).contains(param));
    QCOMPARE(answer.backgroundJobs, 0U);
}

void SpendApiTest::letsOnlyTheMasterIn()
{
    const auto created = m_rig->keys.create({});
    QVERIFY(created);
    QCOMPARE(m_rig->spendLogs("", "").status, 401);
    QCOMPARE(m_rig->spendLogs("", "sk-not-a-key-of-this-gateway-0123").status, 401);
    const Answer refused = m_rig->spendLogs("limit=wrong", created->secret.reveal());
    QCOMPARE(refused.status, 403); // And no word about the parameters.
    QCOMPARE(refused.backgroundJobs, 0U);
    QCOMPARE(m_rig->spendLogs("").status, 200);
}

void SpendApiTest::showsWhatCallsCost()
{
    const Answer answer = m_rig->spendLogs("limit=1");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.ends, 1);
    const QJsonObject entry = answer.body.value("logs"_L1).toArray().first().toObject();
    QCOMPARE(entry.value("request_id"_L1).toString(), u"r5"_s);
    QCOMPARE(entry.value("api_key"_L1).toString(), u"odd"_s);
    QCOMPARE(entry.value("spend"_L1).toDouble(), 0.001234567);
}

void SpendApiTest::choosesCalls_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QStringList>("ids");
    const auto ids = [](const QString &digits) {
        QStringList list;
        for (const QChar digit : digits) {
            list.append(u'r' + QString(digit));
        }
        return list;
    };
    QTest::newRow("all, newest first") << ""_ba << ids(u"543210"_s);
    QTest::newRow("key") << "api_key=even"_ba << ids(u"420"_s);
    QTest::newRow("user") << "user_id=user+with+space"_ba << ids(u"1"_s);
    QTest::newRow("team") << "team_id=t"_ba << ids(u"10"_s);
    QTest::newRow("model") << "model=a%2Fb%2Bc"_ba << ids(u"5"_s);
    QTest::newRow("key and team") << "api_key=odd&team_id=t"_ba << ids(u"1"_s);
    QTest::newRow("nobody") << "api_key=nobody"_ba << QStringList{};
    QTest::newRow("the day") << "start_date=2026-11-23&end_date=2026-11-23"_ba << ids(u"543210"_s);
    QTest::newRow("the day before") << "end_date=2026-11-22"_ba << QStringList{};
    QTest::newRow("from the second call on")
        << "start_date=2026-11-23T08:30:00Z"_ba << ids(u"54321"_s);
    QTest::newRow("before the third call") << "end_date=2026-11-23T09:00:00Z"_ba << ids(u"10"_s);
    QTest::newRow("a part of an hour")
        << "start_date=2026-11-23T08:10:00Z&end_date=2026-11-23T08:40:00Z"_ba << ids(u"1"_s);
    QTest::newRow("limit") << "limit=2"_ba << ids(u"54"_s);
    QTest::newRow("offset") << "limit=2&offset=3"_ba << ids(u"21"_s);
    QTest::newRow("nothing of it") << "limit=0"_ba << QStringList{};
}

void SpendApiTest::choosesCalls()
{
    QFETCH(const QByteArray, query);
    QFETCH(const QStringList, ids);
    const Answer answer = m_rig->spendLogs(query);
    QCOMPARE(answer.status, 200);
    QCOMPARE(idsOf(answer), ids);
    if (!query.contains("limit")) {
        QCOMPARE(pagination(answer, "total"_L1), ids.size());
        QVERIFY(!hasMore(answer));
    }
}

void SpendApiTest::pagesThroughAllCalls()
{
    QStringList seen;
    Answer page;
    do {
        page = m_rig->spendLogs("limit=4&offset=" + QByteArray::number(seen.size()));
        QCOMPARE(pagination(page, "total"_L1), 6);
        QCOMPARE(pagination(page, "limit"_L1), 4);
        QCOMPARE(pagination(page, "offset"_L1), seen.size());
        seen += idsOf(page);
    } while (hasMore(page) && seen.size() < 10);
    QCOMPARE(seen.size(), 6);
    QCOMPARE(seen.removeDuplicates(), 0);
}

void SpendApiTest::saysWhetherThereIsMore_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<qint64>("total");
    QTest::addColumn<bool>("isMore");
    const QByteArray range = "start_date=2026-11-23T08:10:00Z&end_date=2026-11-23T10:10:00Z";
    QTest::newRow("all shown") << ""_ba << qint64(6) << false;
    QTest::newRow("first page") << "limit=5"_ba << qint64(6) << true;
    QTest::newRow("exactly all") << "limit=6"_ba << qint64(6) << false;
    QTest::newRow("last page") << "limit=5&offset=5"_ba << qint64(6) << false;
    QTest::newRow("behind the end") << "offset=7"_ba << qint64(6) << false;
    // The calls at 8:00 and 10:30 lie within the hours of the range, but not within the range.
    QTest::newRow("range, all shown") << range << qint64(4) << false;
    QTest::newRow("range, first page") << range + "&limit=3" << qint64(4) << true;
    QTest::newRow("range, exactly all") << range + "&limit=4" << qint64(4) << false;
}

void SpendApiTest::saysWhetherThereIsMore()
{
    QFETCH(const QByteArray, query);
    QFETCH(const qint64, total);
    QFETCH(const bool, isMore);
    const Answer answer = m_rig->spendLogs(query);
    QCOMPARE(pagination(answer, "total"_L1), total);
    QCOMPARE(hasMore(answer), isMore);
}

void SpendApiTest::countsExactlyWhatARangeHolds()
{
    for (int minutes = 0; minutes <= 180; minutes += 10) {
        const QByteArray time = QByteArray::number(8 + minutes / 60).rightJustified(2, '0') + ':'
            + QByteArray::number(minutes % 60).rightJustified(2, '0');
        const Answer answer = m_rig->spendLogs("start_date=2026-11-23T" + time + ":00Z");
        QCOMPARE(pagination(answer, "total"_L1), idsOf(answer).size());
        QCOMPARE(idsOf(answer).size(), 6 - (minutes + 29) / 30);
    }
}

QTEST_GUILESS_MAIN(SpendApiTest)
#include "tst_spend_api.moc"

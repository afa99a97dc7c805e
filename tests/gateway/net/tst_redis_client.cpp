// labels: fault
// links: Qt6::Network
// A real server, and what becomes of it.
#include "gateway/net/redis_client.h"
#include "gateway/net/tls_context.h"
#include "tests/support/delay_relay.h"
#include "tests/support/loop_main.h"
#include "tests/support/redis_client_rig.h"
#include "tests/support/redis_server.h"
#include "tests/support/tls_files.h"

using namespace Qt::StringLiterals;
using namespace delta;
using namespace std::chrono_literals;
using net::RedisClient;
using net::RedisSettings;
using ports::SharedCall;
using ports::SharedScript;
using test::AnswerRecord;
using test::DelayRelay;
using test::RedisClientRig;
using test::RedisServer;
using test::turnLoopUntil;

namespace {

/// Counts up in a key and returns the count and the number that it was given.
SharedCall countUp(qint64 number = 0)
{
    return {SharedScript("return {redis.call('INCR', KEYS[1]), tonumber(ARGV[1])}"),
            {"count"},
            {QByteArray::number(number)}};
}

/// Asks and waits for the answer, whether it is late or not.
ports::SharedAnswer answerTo(RedisClientRig &rig, const SharedCall &call)
{
    const auto record = std::make_shared<AnswerRecord>();
    if (!rig.client.ask(call, record)) {
        return std::unexpected(u"not asked"_s);
    }
    return turnLoopUntil([&] { return record->answers > 0; }) ? *record->answer
                                                              : std::unexpected(u"no answer"_s);
}

qint64 countIn(RedisClientRig &rig)
{
    return answerTo(rig, countUp()).value_or(std::vector<qint64>{-1})[0];
}

} // namespace

class RedisClientTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsScriptsAndKeepsTheirOrder();
    void hasTheServerKnowScriptsBeforeTheyAreNeeded();
    void sendsAScriptThatTheServerForgot();
    void runsWhatNobodyWaitsFor();
    void tellsWhatAScriptDidWrong();
    void knowsTheDatabaseAndThePassword();
    void isNotLetInWithAWrongPassword();
    void speaksTlsWithServersItTrusts();
    void findsAServerThatStartsLater();
    void goesOnWithAServerThatStartedAnew();
    void waitsForNoServerThatStandsStill();
    void takesLateAnswersOfAServerThatStoodStill();
    void doesNotWaitForAServerThatIsFarAway();
    void doesNotUseAReplica();
    void doesNotUseAServerThatTakesNothing();
    void doesNotTakeAnotherServerForRedis();
    void answersWhoWaitsWhenItStops();
};

void RedisClientTest::runsScriptsAndKeepsTheirOrder()
{
    RedisServer server;
    RedisClientRig rig(server.settings());
    QVERIFY(!rig.client.ask(countUp(), std::make_shared<AnswerRecord>()));
    QVERIFY(rig.comesUp());
    std::vector<std::shared_ptr<AnswerRecord>> records;
    for (qint64 call = 0; call < 500; ++call) {
        records.push_back(std::make_shared<AnswerRecord>());
        if (!rig.client.ask(countUp(call), records.back())) {
            records.pop_back();
        }
    }
    QCOMPARE(records.size(), 500U);
    QVERIFY(turnLoopUntil([&] { return records.back()->answers > 0; }));
    std::vector<qint64> counts;
    for (qint64 call = 0; call < 500; ++call) {
        const AnswerRecord &record = *records[std::size_t(call)];
        QCOMPARE(record.answers, 1);
        QCOMPARE((**record.answer)[1], call);
        counts.push_back((**record.answer)[0]);
    }
    QVERIFY(std::ranges::contains(counts, 500));
}

void RedisClientTest::hasTheServerKnowScriptsBeforeTheyAreNeeded()
{
    RedisServer server;
    RedisClientRig rig(server.settings());
    const QByteArray name = countUp().script.sha1;
    const QByteArray other = SharedScript("return {}").sha1;
    rig.client.prepare(countUp().script);
    QVERIFY(rig.comesUp());
    QCOMPARE(server.run({"SCRIPT", "EXISTS", name, other}), "1 0");
    rig.client.prepare(SharedScript("return {}"));
    QVERIFY(turnLoopUntil([&] { return server.run({"SCRIPT", "EXISTS", other}) == "1"; }));
    server.kill();
    QVERIFY(rig.goesDown());
    server.start();
    QVERIFY(rig.comesUp());
    QCOMPARE(server.run({"SCRIPT", "EXISTS", name, other}), "1 1");
    QCOMPARE(countIn(rig), 1);
}

void RedisClientTest::sendsAScriptThatTheServerForgot()
{
    RedisServer server;
    RedisClientRig rig(server.settings());
    QVERIFY(rig.comesUp());
    for (qint64 round = 1; round <= 3; ++round) {
        QCOMPARE(server.run({"SCRIPT", "FLUSH"}), "OK");
        QCOMPARE(countIn(rig), round);
    }
    QCOMPARE(rig.status.answering.load(), 1);
}

void RedisClientTest::runsWhatNobodyWaitsFor()
{
    RedisServer server;
    RedisClientRig rig(server.settings());
    rig.client.tell(countUp()); // There is no connection yet.
    QVERIFY(rig.comesUp());
    rig.client.tell(countUp());
    QVERIFY(turnLoopUntil([&] { return server.run({"GET", "count"}) == "1"; }));
    rig.client.tell(countUp());
    rig.client.stop(); // It goes out before the connection ends.
    QVERIFY(turnLoopUntil([&] { return server.run({"GET", "count"}) == "2"; }));
}

void RedisClientTest::tellsWhatAScriptDidWrong()
{
    RedisServer server;
    RedisClientRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const auto failed = answerTo(rig,
                                 {SharedScript("return redis.call('INCR', 'a', 'b')"), {}, {}});
    QVERIFY(!failed);
    QVERIFY(failed.error().contains("number of args"_L1));
    const auto text = answerTo(rig, {SharedScript("return 'text'"), {}, {}});
    QVERIFY(!text);
    QCOMPARE(countIn(rig), 1);
}

void RedisClientTest::knowsTheDatabaseAndThePassword()
{
    RedisServer server({u"--requirepass"_s, u"top secret"_s});
    QCOMPARE(server.run({"AUTH", "top secret"}), "OK");
    server.run({"ACL", "SETUSER", "gate", "on", ">gate secret", "~*", "+@all"});
    RedisSettings settings = server.settings();
    settings.password = Secret("top secret");
    settings.database = 3;
    RedisClientRig first(settings);
    QVERIFY(first.comesUp());
    QCOMPARE(countIn(first), 1);
    settings.user = "gate";
    settings.password = Secret("gate secret");
    RedisClientRig second(settings);
    QVERIFY(second.comesUp());
    QCOMPARE(countIn(second), 2);
    server.run({"SELECT", "3"});
    QCOMPARE(server.run({"GET", "count"}), "2");
}

void RedisClientTest::isNotLetInWithAWrongPassword()
{
    RedisServer server({u"--requirepass"_s, u"top secret"_s});
    RedisSettings settings = server.settings();
    settings.password = Secret("wrong secret");
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"does not serve us: .*\"WRONGPASS"_s));
    RedisClientRig rig(settings);
    QVERIFY(turnLoopUntil([&] { return rig.status.isTroubleLogged.load(); }));
    QVERIFY(!rig.client.ask(countUp(), std::make_shared<AnswerRecord>()));
}

void RedisClientTest::speaksTlsWithServersItTrusts()
{
    const test::TlsFiles files;
    const auto serverWith = [&](const test::TlsIdentity &identity, quint16 port) {
        return QStringList{u"--tls-port"_s,         QString::number(port),
                           u"--tls-cert-file"_s,    QString::fromUtf8(identity.certificateFile),
                           u"--tls-key-file"_s,     QString::fromUtf8(identity.keyFile),
                           u"--tls-ca-cert-file"_s, QString::fromUtf8(files.caFile()),
                           u"--tls-auth-clients"_s, u"no"_s};
    };
    const net::TlsContext context(files.caFile(), net::TlsContext::Protocol::Redis);
    RedisSettings settings;
    settings.transport = RedisSettings::Transport::Tls;
    settings.host = "localhost";
    settings.port = test::freePort();
    const RedisServer trusted(serverWith(files.localhost(), settings.port));
    RedisClientRig rig(settings, &context);
    QVERIFY(rig.comesUp());
    QCOMPARE(countIn(rig), 1);
    settings.port = test::freePort();
    const RedisServer other(serverWith(files.wrongHost(), settings.port));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"does not serve us"_s));
    RedisClientRig refused(settings, &context);
    QVERIFY(turnLoopUntil([&] { return refused.status.isTroubleLogged.load(); }));
    QCOMPARE(refused.status.answering.load(), 0);
}

void RedisClientTest::findsAServerThatStartsLater()
{
    RedisServer server;
    server.kill();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"does not serve us"_s));
    RedisClientRig rig(server.settings());
    QVERIFY(turnLoopUntil([&] { return rig.status.isTroubleLogged.load(); }));
    QVERIFY(!rig.status.isUp());
    QTest::ignoreMessage(QtInfoMsg, QRegularExpression(u"answers again"_s));
    server.start();
    QVERIFY(rig.comesUp());
    QCOMPARE(countIn(rig), 1);
}

void RedisClientTest::goesOnWithAServerThatStartedAnew()
{
    RedisServer server;
    RedisClientRig rig(server.settings());
    QVERIFY(rig.comesUp());
    for (int round = 0; round < 3; ++round) {
        const auto record = std::make_shared<AnswerRecord>();
        server.pause();
        QVERIFY(rig.client.ask(countUp(), record));
        server.kill();
        QVERIFY(rig.goesDown());
        QCOMPARE(record->answers, 1);
        QVERIFY(!*record->answer);
        server.start();
        QVERIFY(rig.comesUp());
        QCOMPARE(countIn(rig), 1);
    }
}

void RedisClientTest::waitsForNoServerThatStandsStill()
{
    RedisServer server;
    RedisClientRig rig(server.settings());
    QVERIFY(rig.comesUp());
    server.pause();
    const auto first = std::make_shared<AnswerRecord>();
    QVERIFY(rig.client.ask(countUp(), first));
    const SteadyTime begin = rig.clock.steady();
    QVERIFY(turnLoopUntil([&] { return first->late > 0; }));
    QVERIFY(rig.clock.steady() - begin
            < 1s);           // It is 5 ms on a machine that has nothing else to do.
    QVERIFY(rig.goesDown()); // Nobody else has to ask.
    QVERIFY(rig.clock.steady() - begin < 5s);
    QVERIFY(!rig.client.ask(countUp(), std::make_shared<AnswerRecord>()));
    QVERIFY(turnLoopUntil([&] { return first->answers > 0; })); // It is given up at last.
    QVERIFY(!*first->answer);
    server.resume();
    QVERIFY(rig.comesUp());
    QVERIFY(countIn(rig) >= 1);
}

void RedisClientTest::takesLateAnswersOfAServerThatStoodStill()
{
    RedisServer server;
    RedisClientRig rig(server.settings());
    QVERIFY(rig.comesUp());
    std::vector<std::shared_ptr<AnswerRecord>> records;
    server.pause();
    for (int call = 0; call < net::RedisBreaker::tolerance; ++call) {
        records.push_back(std::make_shared<AnswerRecord>());
        QVERIFY(rig.client.ask(countUp(), records.back()));
    }
    QVERIFY(rig.goesDown());
    server.resume();
    QVERIFY(turnLoopUntil([&] { return records.back()->answers > 0; }));
    for (const auto &record : records) {
        QCOMPARE(record->late, 1);
        QCOMPARE(record->answers, 1);
    }
    QVERIFY(rig.comesUp());
}

void RedisClientTest::doesNotWaitForAServerThatIsFarAway()
{
    RedisServer server;
    DelayRelay relay(server.settings().path);
    RedisSettings settings = server.settings();
    settings.path = relay.path();
    RedisClientRig rig(settings);
    QVERIFY(rig.comesUp());
    relay.delay = 50ms;
    int late = 0;
    for (auto record = std::make_shared<AnswerRecord>(); rig.client.ask(countUp(), record);
         record = std::make_shared<AnswerRecord>()) {
        QVERIFY(turnLoopUntil([&] { return record->answers > 0; }));
        late += record->late;
    }
    QVERIFY2(late > 0 && late <= net::RedisBreaker::tolerance,
             QByteArray::number(late).constData());
    QCOMPARE(rig.status.answering.load(), 0);
    test::turnLoopFor(2 * RedisClient::probeInterval); // It is asked again, and too late again.
    QCOMPARE(rig.status.answering.load(), 0);
    relay.delay = 0ms;
    QVERIFY(rig.comesUp());
}

void RedisClientTest::doesNotUseAReplica()
{
    RedisServer server;
    RedisClientRig rig(server.settings());
    QVERIFY(rig.comesUp());
    QCOMPARE(server.run({"REPLICAOF", "127.0.0.1", QByteArray::number(test::freePort())}), "OK");
    while (rig.client.ask(countUp(), std::make_shared<AnswerRecord>())) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    QCOMPARE(rig.status.answering.load(), 0);
    server.run({"REPLICAOF", "NO", "ONE"});
    QVERIFY(rig.comesUp());
    QCOMPARE(countIn(rig), 1);
}

void RedisClientTest::doesNotUseAServerThatTakesNothing()
{
    RedisServer server({u"--maxmemory"_s, u"1"_s, u"--maxmemory-policy"_s, u"noeviction"_s});
    RedisClientRig rig(server.settings());
    QVERIFY(turnLoopUntil([&] { return rig.status.isTroubleLogged.load(); }));
    QCOMPARE(rig.status.answering.load(), 0);
    server.run({"CONFIG", "SET", "maxmemory", "0"});
    QVERIFY(rig.comesUp());
}

void RedisClientTest::doesNotTakeAnotherServerForRedis()
{
    QTemporaryDir folder;
    QLocalServer server;
    QVERIFY(server.listen(folder.filePath(u"other.sock"_s)));
    int connections = 0;
    QObject::connect(&server, &QLocalServer::newConnection, &server, [&] {
        ++connections;
        server.nextPendingConnection()->write(connections % 2 == 0 ? "HTTP/1.1 400 No\r\n\r\n"
                                                                   : "+OK\r\n+OK\r\n+OK\r\n");
    });
    RedisSettings settings;
    settings.transport = RedisSettings::Transport::Unix;
    settings.path = server.fullServerName().toUtf8();
    RedisClientRig rig(settings);
    QVERIFY(turnLoopUntil([&] { return connections >= 4; }));
    QVERIFY(rig.goesDown());
}

void RedisClientTest::answersWhoWaitsWhenItStops()
{
    RedisServer server;
    const auto record = std::make_shared<AnswerRecord>();
    RedisClientRig rig(server.settings());
    QVERIFY(rig.comesUp());
    server.pause();
    QVERIFY(rig.client.ask(countUp(), record));
    rig.client.stop();
    QCOMPARE(record->answers, 1);
    QVERIFY(!*record->answer);
    QCOMPARE(rig.status.answering.load(), 0);
}

DELTA_LOOP_TEST_MAIN(RedisClientTest)
#include "tst_redis_client.moc"

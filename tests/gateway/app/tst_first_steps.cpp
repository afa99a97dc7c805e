#include "gateway/app/first_steps.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::app;

namespace {

FirstSteps stepsAt(const QByteArray &host)
{
    FirstSteps steps;
    steps.scheme = "http"_L1;
    steps.address = {host, 4711};
    steps.models = {"demo"};
    return steps;
}

FirstSecrets secrets()
{
    return {Secret("sk-master"), Secret("the-password"), Secret("sk-virtual")};
}

} // namespace

class FirstStepsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheAddressThatItListensOn_data();
    void namesTheAddressThatItListensOn();
    void saysWhenItListensEverywhere();
    void namesTheConfigurationInForce();
    void showsTheSecretsOfTheFirstStart();
    void leavesOutTheSecretsThereAlreadyAre();
    void namesTheFileThatHoldsTheSecrets();
    void tellsWhereToGetAKeyLater();
    void triesAModelThatThereIs_data();
    void triesAModelThatThereIs();
};

void FirstStepsTest::namesTheAddressThatItListensOn_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QString>("authority");
    QTest::newRow("loopback") << "127.0.0.1"_ba << u"127.0.0.1:4711"_s;
    QTest::newRow("another address") << "10.1.2.3"_ba << u"10.1.2.3:4711"_s;
    QTest::newRow("IPv6") << "::1"_ba << u"[::1]:4711"_s;
    QTest::newRow("link-local") << "fe80::1%eth0"_ba << u"[fe80::1%25eth0]:4711"_s;
    QTest::newRow("every address") << ""_ba << u"127.0.0.1:4711"_s;
}

void FirstStepsTest::namesTheAddressThatItListensOn()
{
    QFETCH(const QByteArray, host);
    QFETCH(const QString, authority);
    FirstSteps steps = stepsAt(host);
    for (const QLatin1StringView scheme : {"http"_L1, "https"_L1}) {
        steps.scheme = scheme;
        const QString text = steps.toText();
        const QString base = scheme + "://"_L1 + authority;
        QVERIFY2(text.contains(u"listens on "_s + base), qPrintable(text));
        QVERIFY2(text.contains(u"curl "_s + base + u"/v1/chat/completions"_s), qPrintable(text));
        QCOMPARE(text.count(u"://"_s), 2); // No other address is named.
    }
}

void FirstStepsTest::saysWhenItListensEverywhere()
{
    QVERIFY(stepsAt("").toText().contains(u"every other address"_s));
    QVERIFY(!stepsAt("127.0.0.1").toText().contains(u"every other address"_s));
}

void FirstStepsTest::namesTheConfigurationInForce()
{
    FirstSteps steps = stepsAt("127.0.0.1");
    QVERIFY(steps.toText().contains(u"\nConfiguration: none, built-in models\n"_s));
    steps.configuration = u"/etc/deltallm/config.yaml"_s;
    QVERIFY(steps.toText().contains(u"\nConfiguration: /etc/deltallm/config.yaml\n"_s));
}

void FirstStepsTest::showsTheSecretsOfTheFirstStart()
{
    FirstSteps steps = stepsAt("127.0.0.1");
    steps.secrets = secrets();
    const QString text = steps.toText();
    for (const QString &line :
         {u"master key +sk-master "_s, u"admin password +the-password "_s,
          u"virtual key +sk-virtual "_s, u"Authorization: Bearer sk-virtual\""_s}) {
        QVERIFY2(text.contains(QRegularExpression(line)), qPrintable(line));
    }
    QVERIFY(text.contains(u"shown this once"_s));
}

void FirstStepsTest::leavesOutTheSecretsThereAlreadyAre()
{
    FirstSteps steps = stepsAt("127.0.0.1");
    steps.secrets = secrets();
    steps.secrets->masterKey = Secret();
    const QString text = steps.toText();
    QVERIFY(!text.contains(u"master key"_s));
    QVERIFY(text.contains(u"admin password"_s));
}

void FirstStepsTest::namesTheFileThatHoldsTheSecrets()
{
    FirstSteps steps = stepsAt("127.0.0.1");
    steps.secrets = secrets();
    steps.secretsFile = u"/state/first-secrets"_s;
    const QString text = steps.toText();
    QVERIFY(text.contains(u"/state/first-secrets"_s));
    for (const QString &secret : {u"sk-master"_s, u"the-password"_s, u"sk-virtual"_s}) {
        QVERIFY(!text.contains(secret)); // What is printed is kept by somebody's log.
        QVERIFY(secretLines(secrets()).contains(secret));
    }
}

void FirstStepsTest::tellsWhereToGetAKeyLater()
{
    const QString text = stepsAt("127.0.0.1").toText();
    QVERIFY(text.contains(u"deltallm-gateway keys create"_s));
    QVERIFY(text.contains(u"Bearer $DELTALLM_KEY\""_s));
    QVERIFY(!text.contains(u"shown this once"_s));
}

void FirstStepsTest::triesAModelThatThereIs_data()
{
    QTest::addColumn<QByteArrayList>("models");
    QTest::addColumn<QString>("model");
    QTest::newRow("the demo model") << QByteArrayList{"a", "demo", "z"} << u"demo"_s;
    QTest::newRow("the first") << QByteArrayList{"a", "b"} << u"a"_s;
    QTest::newRow("none") << QByteArrayList{} << u"demo"_s;
}

void FirstStepsTest::triesAModelThatThereIs()
{
    QFETCH(const QByteArrayList, models);
    QFETCH(const QString, model);
    FirstSteps steps = stepsAt("127.0.0.1");
    steps.models.assign(models.begin(), models.end());
    QVERIFY(steps.toText().contains(u"{\"model\":\"%1\","_s.arg(model)));
}

QTEST_APPLESS_MAIN(FirstStepsTest)
#include "tst_first_steps.moc"

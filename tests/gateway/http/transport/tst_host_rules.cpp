#include "gateway/http/transport/host_rules.h"

#include <QtTest>

using delta::http::isHostAndPort;

class HostRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesHosts_data();
    void takesHosts();
    void refusesTheRest_data();
    void refusesTheRest();
};

void HostRulesTest::takesHosts_data()
{
    QTest::addColumn<QByteArray>("host");
    for (const char *host : {"x", "localhost:4000", "127.0.0.1", "a-b.example.com:443", "[::1]",
                             "[::1]:80", "[2001:db8::7]", "[::ffff:1.2.3.4]", "x:", "a_b",
                             "xn--bcher-kva.example", "a%20b", "x:0", "x:65535"}) {
        QTest::newRow(host) << QByteArray(host);
    }
}

void HostRulesTest::takesHosts()
{
    QFETCH(const QByteArray, host);

    QVERIFY(isHostAndPort(host));
}

void HostRulesTest::refusesTheRest_data()
{
    QTest::addColumn<QByteArray>("host");
    for (const char *host :
         {"",         ":80",     "a b",     "a/b",  "a?b",      "a#b",  "a@b",  "a,b;c/d",
          "a:b",      "a:80:80", "a:65536", "a:+1", "a:123456", "[::1", "::1]", "[]",
          "[x]",      "[::1]x",  "[::1]:x", "a%",   "a%2",      "a%gg", "a\"b", "a\\b",
          "\xc3\xbc", "<a>",     "a|b",     "a^b",  "a`b",      "{a}"}) {
        QTest::newRow(host) << QByteArray(host);
    }
}

void HostRulesTest::refusesTheRest()
{
    QFETCH(const QByteArray, host);

    QVERIFY(!isHostAndPort(host));
}

QTEST_GUILESS_MAIN(HostRulesTest)

#include "tst_host_rules.moc"

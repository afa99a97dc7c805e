// labels: unit fault
#include "tests/gateway/net/upstream_fixture.h"

#include <openssl/ssl.h>
#include <QRegularExpression>

using namespace delta;
using namespace delta::test;
using ports::UpstreamFault;

/// Whom both clients trust, and how they say why not.
class UpstreamTlsTrustTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void refusesAProviderItCannotTrust_data();
    void refusesAProviderItCannotTrust();
    void trustsAnybodyIfToldTo();
    void trustsNobodyButTheGivenAuthority();
    void reportsAHandshakeThatIsCut_data();
    void reportsAHandshakeThatIsCut();

private:
    [[nodiscard]] net::UpstreamSettings trusting() const
    {
        return {.caFile = m_files.caFile()};
    }

    TlsFiles m_files;
};

void UpstreamTlsTrustTest::initTestCase_data()
{
    addClientKinds();
}

void UpstreamTlsTrustTest::refusesAProviderItCannotTrust_data()
{
    QTest::addColumn<QByteArray>("identity");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("version");
    QTest::addColumn<QString>("reason"); ///< A word of the detail, for either client.
    const auto add = [](const char *name, const char *identity, const QString &reason,
                        const char *host = "localhost", int version = 0) {
        QTest::newRow(name) << QByteArray(identity) << QByteArray(host) << version << reason;
    };
    add("expired", "expired", QStringLiteral("expired"));
    add("for another host", "wrongHost", QStringLiteral("mismatch|does not match|no alternative"));
    add("for another address", "wrongHost",
        QStringLiteral("mismatch|does not match|no alternative"), "127.0.0.1");
    add("self-signed", "selfSigned", QStringLiteral("self.signed"));
    add("TLS 1.0 only", "localhost", QStringLiteral("protocol|version"), "localhost", TLS1_VERSION);
    add("TLS 1.1 only", "localhost", QStringLiteral("protocol|version"), "localhost",
        TLS1_1_VERSION);
}

void UpstreamTlsTrustTest::refusesAProviderItCannotTrust()
{
    QFETCH(const QByteArray, identity);
    QFETCH(const QByteArray, host);
    QFETCH(const int, version);
    QFETCH(const QString, reason);
    const TlsIdentity shown = identity == "expired" ? m_files.expired()
        : identity == "wrongHost"                   ? m_files.wrongHost()
        : identity == "selfSigned"                  ? m_files.selfSigned()
                                                    : m_files.localhost();
    ScriptedServer server(answering(okResponse), {.identity = shown, .maxVersion = version});
    UpstreamFixture client(trusting());
    RecordingSink sink;
    QVERIFY(client.run(tlsRequestTo(server.port(), host), sink));
    QVERIFY(sink.error.has_value());
    const QString detail = sink.error->detail;
    QVERIFY2(sink.error->fault == UpstreamFault::Tls, qPrintable(detail));
    QVERIFY2(detail.contains(QRegularExpression(reason, QRegularExpression::CaseInsensitiveOption)),
             qPrintable(detail));
    QVERIFY(server.log(0).received.isEmpty()); // Not a byte of the request, whose head holds a key.
}

void UpstreamTlsTrustTest::trustsAnybodyIfToldTo()
{
    ScriptedServer server(answering(okResponse), {.identity = m_files.selfSigned()});
    UpstreamFixture client;
    for (const auto check : {ports::PeerCheck::None, ports::PeerCheck::Verify}) {
        RecordingSink sink;
        ports::UpstreamRequest request = tlsRequestTo(server.port());
        request.origin.peerCheck = check;
        QVERIFY(client.run(request, sink));
        // The unverified connection is idle now, and must not be used for a request that wants
        // proof.
        QCOMPARE(sink.error.has_value(), check == ports::PeerCheck::Verify);
    }
}

void UpstreamTlsTrustTest::trustsNobodyButTheGivenAuthority()
{
    const TlsFiles others;
    ScriptedServer server(answering(okResponse), {.identity = others.localhost()});
    UpstreamFixture client(trusting());
    RecordingSink sink;
    QVERIFY(client.run(tlsRequestTo(server.port()), sink));
    QCOMPARE(sink.error.value().fault, UpstreamFault::Tls);
}

void UpstreamTlsTrustTest::reportsAHandshakeThatIsCut_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("isReset");
    QTest::newRow("closed") << QByteArray() << false;
    QTest::newRow("reset") << QByteArray() << true;
    QTest::newRow("not TLS") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << false;
    QTest::newRow("half a record") << QByteArray("\x16\x03\x03\x00\x7a\x02", 6) << false;
}

void UpstreamTlsTrustTest::reportsAHandshakeThatIsCut()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const bool, isReset);
    ScriptedServer server([&](ScriptedPeer &peer) {
        peer.readSome();
        peer.send(answer);
        if (isReset) {
            peer.reset();
        }
    });
    UpstreamFixture client(trusting());
    RecordingSink sink;
    QVERIFY(client.run(tlsRequestTo(server.port()), sink));
    QVERIFY2(sink.error.value().fault == UpstreamFault::Tls, qPrintable(sink.error->detail));
    QVERIFY(!sink.error->detail.isEmpty());
}

DELTA_LOOP_TEST_MAIN(UpstreamTlsTrustTest)
#include "tst_upstream_tls_trust.moc"

#include "gateway/http/listener.h"

#include <QtTest>
#include <sys/socket.h>
#include <unistd.h>

using namespace delta;
using http::ListenAddress;
using http::Listener;

namespace {

bool isListening(const Listener &listener)
{
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(listener.fd.get(), SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0
        && value != 0;
}

} // namespace

class ListenerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAddresses_data();
    void readsAddresses();
    void refusesWhatIsNoAddress_data();
    void refusesWhatIsNoAddress();
    void opensOneSocketPerThreadOnOnePort();
    void refusesAPortThatIsTaken();
    void refusesAnAddressOfAnotherMachine();
    void listensOnEveryAddress();
    void saysWhereItListens_data();
    void saysWhereItListens();
    void saysNothingOfASocketThatDoesNotListen();
    void takesOverTheSocketsOfTheServiceManager();
    void ignoresSocketsForAnotherProcess();
};

void ListenerTest::readsAddresses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<quint16>("port");
    QTest::newRow("IPv4") << QByteArray("127.0.0.1:4000") << QByteArray("127.0.0.1")
                          << quint16(4000);
    QTest::newRow("IPv6") << QByteArray("[::1]:4000") << QByteArray("::1") << quint16(4000);
    QTest::newRow("any") << QByteArray(":4000") << QByteArray() << quint16(4000);
    QTest::newRow("any port") << QByteArray("localhost:0") << QByteArray("localhost") << quint16(0);
    QTest::newRow("highest port") << QByteArray(":65535") << QByteArray() << quint16(65535);
}

void ListenerTest::readsAddresses()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, host);
    QFETCH(const quint16, port);

    const auto address = http::parseListenAddress(text);

    QVERIFY(address.has_value());
    QCOMPARE(address->host, host);
    QCOMPARE(address->port, port);
}

void ListenerTest::refusesWhatIsNoAddress_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"", "4000", "127.0.0.1", "a:b", ":65536", ":-1", "::1:4000", "host:", "[::1]"}) {
        QTest::newRow(text) << QByteArray(text);
    }
}

void ListenerTest::refusesWhatIsNoAddress()
{
    QFETCH(const QByteArray, text);

    const auto address = http::parseListenAddress(text);

    QVERIFY(!address.has_value());
    QVERIFY(address.error().contains(QString::fromUtf8(text)));
}

void ListenerTest::opensOneSocketPerThreadOnOnePort()
{
    const auto listeners = http::openListeners({"127.0.0.1", 0}, 3);

    QVERIFY(listeners.has_value());
    QCOMPARE(listeners->size(), 3U);
    const quint16 port = http::portOf(listeners->front());
    QVERIFY(port > 0);
    for (const Listener &listener : *listeners) {
        QCOMPARE(http::portOf(listener), port);
        QVERIFY(isListening(listener));
    }
}

void ListenerTest::refusesAPortThatIsTaken()
{
    const auto first = http::openListeners({"127.0.0.1", 0}, 1);
    const quint16 port = http::portOf(first->front());

    const auto second = http::openListeners({"127.0.0.1", port}, 1);

    QVERIFY(!second.has_value());
    QVERIFY2(second.error().contains(
                 QStringLiteral("127.0.0.1:%1: another program has the port").arg(port)),
             qPrintable(second.error()));
}

void ListenerTest::refusesAnAddressOfAnotherMachine()
{
    const auto listeners = http::openListeners({"192.0.2.1", 0}, 1);

    QVERIFY(!listeners.has_value());
    QVERIFY(listeners.error().contains(QStringLiteral("192.0.2.1")));
    QVERIFY(!http::openListeners({"no address", 0}, 1).has_value());
}

void ListenerTest::listensOnEveryAddress()
{
    const auto listeners = http::openListeners({{}, 0}, 1);

    QVERIFY(listeners.has_value());
    QVERIFY(isListening(listeners->front()));
    const quint16 port = http::portOf(listeners->front());
    QVERIFY(!http::openListeners({"127.0.0.1", port}, 1).has_value());
}

void ListenerTest::saysWhereItListens_data()
{
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("loopback") << QByteArray("127.0.0.1") << QByteArray("127.0.0.1");
    QTest::newRow("another loopback") << QByteArray("127.0.0.9") << QByteArray("127.0.0.9");
    QTest::newRow("every IPv4 address") << QByteArray("0.0.0.0") << QByteArray();
    QTest::newRow("every address") << QByteArray() << QByteArray();
    if (http::openListeners({"::1", 0}, 1)) {
        QTest::newRow("IPv6 loopback") << QByteArray("::1") << QByteArray("::1");
        QTest::newRow("every IPv6 address") << QByteArray("::") << QByteArray();
    }
}

void ListenerTest::saysWhereItListens()
{
    QFETCH(const QByteArray, asked);
    QFETCH(const QByteArray, host);

    const auto listeners = http::openListeners({asked, 0}, 1);

    QVERIFY(listeners.has_value());
    const ListenAddress address = http::addressOf(listeners->front());
    QCOMPARE(address.host, host);
    QVERIFY(address.port > 0);
}

void ListenerTest::saysNothingOfASocketThatDoesNotListen()
{
    QCOMPARE(http::addressOf(Listener()), ListenAddress());
    Listener local;
    local.fd.reset(::socket(AF_UNIX, SOCK_STREAM, 0));
    QCOMPARE(http::addressOf(local), ListenAddress());
}

void ListenerTest::takesOverTheSocketsOfTheServiceManager()
{
    // The protocol fixes the number 3, so whatever has it here makes room.
    const http::FileDescriptor before(::dup(3));
    auto opened = http::openListeners({"127.0.0.1", 0}, 1);
    const quint16 port = http::portOf(opened->front());
    QCOMPARE(::dup2(opened->front().fd.get(), 3), 3);
    qputenv("LISTEN_PID", QByteArray::number(::getpid()));
    qputenv("LISTEN_FDS", "1");

    const auto inherited = http::inheritListeners(2);

    if (before.isOpen()) {
        ::dup2(before.get(), 3);
    }
    QVERIFY(inherited.has_value());
    QCOMPARE(inherited->size(), 2U);
    QCOMPARE(http::portOf(inherited->at(1)), port);
    QCOMPARE(inherited->at(0).origin, Listener::Origin::Inherited);
    QVERIFY(!qEnvironmentVariableIsSet("LISTEN_FDS"));
}

void ListenerTest::ignoresSocketsForAnotherProcess()
{
    qputenv("LISTEN_PID", "1");
    qputenv("LISTEN_FDS", "1");

    const auto inherited = http::inheritListeners(1);

    QVERIFY(inherited.has_value());
    QVERIFY(inherited->empty());
}

QTEST_GUILESS_MAIN(ListenerTest)

#include "tst_listener.moc"

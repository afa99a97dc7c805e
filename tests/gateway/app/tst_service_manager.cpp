#include "gateway/app/service_manager.h"
#include "shared/core/clock.h"
#include "tests/support/loop_main.h"
#include "tests/support/turn_loop.h"

#include <QFile>
#include <QTemporaryDir>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

using namespace delta;
using delta::app::ServiceManager;
using namespace std::chrono_literals;

namespace {

/// The end of systemd: a datagram socket that keeps what it is told.
class NotifySocket
{
public:
    NotifySocket()
    {
        const QByteArray path = QFile::encodeName(m_folder.filePath(QStringLiteral("notify")));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::copy(path.begin(), path.end(), address.sun_path);
        m_fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (::bind(m_fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
            qFatal("no socket at %s", path.constData());
        }
        qputenv("NOTIFY_SOCKET", path);
    }
    ~NotifySocket()
    {
        qunsetenv("NOTIFY_SOCKET");
        ::close(m_fd);
    }
    NotifySocket(const NotifySocket &) = delete;
    NotifySocket &operator=(const NotifySocket &) = delete;

    /// Returns what was told and not read yet, one text for each message.
    QByteArrayList take()
    {
        QByteArrayList messages;
        QByteArray buffer(4096, '\0');
        for (;;) {
            const ssize_t size = ::recv(m_fd, buffer.data(), 4096, 0);
            if (size < 0) {
                return messages;
            }
            messages.append(buffer.first(size));
        }
    }

private:
    QTemporaryDir m_folder;
    int m_fd = -1;
};

/// A clock at 1,000 seconds after the machine's start.
class StoppedClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steady() const override
    {
        return SteadyTime() + 1'000s;
    }
    [[nodiscard]] WallTime wall() const override
    {
        return {};
    }
};

net::EventLoop &thisLoop()
{
    return net::EpollDispatcher::ofThisThread().loop();
}

} // namespace

class ServiceManagerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void saysThatItIsReady();
    void saysWhenAReloadBegan();
    void saysThatItStops();
    void keepsAReasonOnOneLine();
    void keepsQuietWhereNobodyListens();
    void doesNotPingUnlessItIsWatched();
    void pingsAsLongAsEveryLoopTurns();
    void stopsPingingWhenALoopHangs();

private:
    /// Counts further pings, until there are `count` of them.
    bool waitForPings(qsizetype count);

    StoppedClock m_clock;
    std::unique_ptr<NotifySocket> m_systemd;
    qsizetype m_pings = 0;
};

void ServiceManagerTest::init()
{
    m_systemd = std::make_unique<NotifySocket>();
    m_pings = 0;
}

void ServiceManagerTest::cleanup()
{
    qunsetenv("WATCHDOG_USEC");
    qunsetenv("WATCHDOG_PID");
    m_systemd.reset();
}

bool ServiceManagerTest::waitForPings(qsizetype count)
{
    return test::turnLoopUntil([this, count] {
        m_pings += m_systemd->take().count("WATCHDOG=1");
        return m_pings >= count;
    });
}

void ServiceManagerTest::saysThatItIsReady()
{
    ServiceManager manager(thisLoop(), m_clock);
    manager.reportReady();
    QCOMPARE(m_systemd->take(), QByteArrayList{"READY=1\nSTATUS=Answering calls."});
}

void ServiceManagerTest::saysWhenAReloadBegan()
{
    ServiceManager manager(thisLoop(), m_clock);
    manager.reportReloading();
    QCOMPARE(m_systemd->take(), QByteArrayList{"RELOADING=1\nMONOTONIC_USEC=1000000000"});
}

void ServiceManagerTest::saysThatItStops()
{
    ServiceManager manager(thisLoop(), m_clock);
    manager.reportStopping();
    const QByteArrayList messages = m_systemd->take();
    QCOMPARE(messages.size(), 1);
    QVERIFY(messages.first().startsWith("STOPPING=1\n"));
}

void ServiceManagerTest::keepsAReasonOnOneLine()
{
    ServiceManager manager(thisLoop(), m_clock);
    manager.reportWaiting(QStringLiteral("The disk is full.\nREADY=1"));
    QCOMPARE(m_systemd->take(), QByteArrayList{"STATUS=The disk is full. READY=1"});
}

void ServiceManagerTest::keepsQuietWhereNobodyListens()
{
    qunsetenv("NOTIFY_SOCKET");
    ServiceManager manager(thisLoop(), m_clock);
    manager.reportReady();
    QVERIFY(m_systemd->take().isEmpty());
}

void ServiceManagerTest::doesNotPingUnlessItIsWatched()
{
    ServiceManager manager(thisLoop(), m_clock);
    manager.watch({});
    test::turnLoopFor(20ms);
    QVERIFY(m_systemd->take().isEmpty());
}

void ServiceManagerTest::pingsAsLongAsEveryLoopTurns()
{
    qputenv("WATCHDOG_USEC", "20000");
    ServiceManager manager(thisLoop(), m_clock);
    manager.watch({[](const std::function<void()> &work) { thisLoop().post(work); },
                   [](const std::function<void()> &work) { thisLoop().post(work); }});
    QVERIFY(waitForPings(5));
}

void ServiceManagerTest::stopsPingingWhenALoopHangs()
{
    qputenv("WATCHDOG_USEC", "20000");
    std::vector<std::function<void()>> waiting;
    ServiceManager manager(thisLoop(), m_clock);
    manager.watch({[](const std::function<void()> &work) { thisLoop().post(work); },
                   [&waiting](const std::function<void()> &work) { waiting.push_back(work); }});
    QVERIFY(waitForPings(1));
    test::turnLoopFor(100ms);
    QVERIFY(m_systemd->take().isEmpty());
    QCOMPARE(waiting.size(), std::size_t(1));
    waiting.front()(); // The loop turns again.
    QVERIFY(waitForPings(2));
}

DELTA_LOOP_TEST_MAIN(ServiceManagerTest)
#include "tst_service_manager.moc"

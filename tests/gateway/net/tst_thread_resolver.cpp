#include "gateway/net/thread_resolver.h"
#include "tests/support/loop_main.h"
#include "tests/support/scripted_wait.h"

#include <QSemaphore>
#include <QtTest>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

using namespace delta;
using namespace delta::net;
using delta::test::eventually;
using namespace std::chrono_literals;

namespace {

/// A clock that the test moves. Safe from any thread, as the resolver's threads read it.
class ManualClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steady() const override
    {
        return SteadyTime() + std::chrono::seconds(seconds.load());
    }
    [[nodiscard]] WallTime wall() const override
    {
        return {};
    }
    std::atomic<int> seconds = 1'000;
};

Resolver::Answer addresses(const char *literal)
{
    return std::vector{SocketAddress::fromLiteral(literal).value()};
}

} // namespace

class ThreadResolverTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void resolvesLocalhost();
    void reportsUnknownNames();
    void neverAnswersFromInsideOfTheQuestion();
    void remembersAnswersForAWhile();
    void remembersFailuresBriefly();
    void asksOnceForManyQuestions();
    void answersOtherNamesWhileOneIsSlow();
    void keepsQuietAboutWithdrawnQuestions();
    void letsTheCallbackDestroyItsLookup();
    void answersEveryLoop();

private:
    /// Asks and turns the loop until the answer is there.
    static std::optional<Resolver::Answer> ask(Resolver &resolver, const QByteArray &host)
    {
        std::optional<Resolver::Answer> got;
        const auto lookup = resolver.resolve(
            host, EpollDispatcher::ofThisThread().loop(),
            [&got](const Resolver::Answer &answer) { got = answer; });
        return eventually([&got] { return got.has_value(); }) ? got : std::nullopt;
    }

    ManualClock m_clock;
};

void ThreadResolverTest::resolvesLocalhost()
{
    ThreadResolver resolver(m_clock);
    const auto answer = ask(resolver, "localhost");
    QVERIFY(answer && *answer);
    QVERIFY(!(*answer)->empty());
    const QByteArray first = (*answer)->front().toText();
    QVERIFY2(first == "127.0.0.1:0" || first == "[::1]:0", first.constData());
}

void ThreadResolverTest::reportsUnknownNames()
{
    ThreadResolver resolver(m_clock);
    const auto answer = ask(resolver, "no-such-host.invalid");
    QVERIFY(answer && !*answer);
    QVERIFY(!answer->error().isEmpty());
}

void ThreadResolverTest::neverAnswersFromInsideOfTheQuestion()
{
    ThreadResolver resolver(m_clock, [](const QByteArray &) { return addresses("10.0.0.1"); });
    QVERIFY(ask(resolver, "a")); // Now it is remembered.
    bool isAnswered = false;
    const auto lookup = resolver.resolve("a", EpollDispatcher::ofThisThread().loop(),
                                         [&](const Resolver::Answer &) { isAnswered = true; });
    QVERIFY(!isAnswered);
    QVERIFY(eventually([&] { return isAnswered; }));
}

void ThreadResolverTest::remembersAnswersForAWhile()
{
    std::atomic<int> calls = 0;
    ThreadResolver resolver(m_clock, [&](const QByteArray &) {
        ++calls;
        return addresses("10.0.0.1");
    });
    for (int round = 0; round < 3; ++round) {
        QCOMPARE(ask(resolver, "a")->value().front().toText(), "10.0.0.1:0");
    }
    m_clock.seconds += 29;
    QVERIFY(ask(resolver, "a"));
    QCOMPARE(calls.load(), 1);
    m_clock.seconds += 1;
    QVERIFY(ask(resolver, "a"));
    QCOMPARE(calls.load(), 2);
}

void ThreadResolverTest::remembersFailuresBriefly()
{
    std::atomic<int> calls = 0;
    ThreadResolver resolver(m_clock, [&](const QByteArray &) -> Resolver::Answer {
        ++calls;
        return std::unexpected(QStringLiteral("no"));
    });
    QVERIFY(!ask(resolver, "a").value());
    QVERIFY(!ask(resolver, "a").value());
    QCOMPARE(calls.load(), 1);
    m_clock.seconds += 1;
    QVERIFY(!ask(resolver, "a").value());
    QCOMPARE(calls.load(), 2);
}

void ThreadResolverTest::asksOnceForManyQuestions()
{
    std::atomic<int> calls = 0;
    QSemaphore mayAnswer;
    ThreadResolver resolver(m_clock, [&](const QByteArray &) {
        ++calls;
        mayAnswer.acquire();
        return addresses("10.0.0.1");
    });
    int answered = 0;
    std::vector<std::unique_ptr<Resolver::Lookup>> lookups;
    for (int index = 0; index < 20; ++index) {
        lookups.push_back(resolver.resolve("a", EpollDispatcher::ofThisThread().loop(),
                                           [&](const Resolver::Answer &) { ++answered; }));
    }
    mayAnswer.release();
    QVERIFY(eventually([&] { return answered == 20; }));
    QCOMPARE(calls.load(), 1);
}

void ThreadResolverTest::answersOtherNamesWhileOneIsSlow()
{
    QSemaphore mayAnswer;
    ThreadResolver resolver(m_clock, [&](const QByteArray &host) {
        if (host == "slow") {
            mayAnswer.acquire();
        }
        return addresses("10.0.0.1");
    });
    bool isSlowAnswered = false;
    const auto slow = resolver.resolve("slow", EpollDispatcher::ofThisThread().loop(),
                                       [&](const Resolver::Answer &) { isSlowAnswered = true; });
    QVERIFY(ask(resolver, "quick"));
    QVERIFY(!isSlowAnswered);
    mayAnswer.release();
    QVERIFY(eventually([&] { return isSlowAnswered; }));
}

void ThreadResolverTest::keepsQuietAboutWithdrawnQuestions()
{
    QSemaphore mayAnswer;
    ThreadResolver resolver(m_clock, [&](const QByteArray &) {
        mayAnswer.acquire();
        return addresses("10.0.0.1");
    });
    bool isWithdrawnAnswered = false;
    auto withdrawn = resolver.resolve(
        "a", EpollDispatcher::ofThisThread().loop(),
        [&](const Resolver::Answer &) { isWithdrawnAnswered = true; });
    bool isAnswered = false;
    const auto kept = resolver.resolve("a", EpollDispatcher::ofThisThread().loop(),
                                       [&](const Resolver::Answer &) {
                                           withdrawn.reset(); // Its answer is already posted.
                                           isAnswered = true;
                                       });
    auto early = resolver.resolve("a", EpollDispatcher::ofThisThread().loop(),
                                  [&](const Resolver::Answer &) { isWithdrawnAnswered = true; });
    early.reset();
    withdrawn.reset();
    mayAnswer.release(2);
    QVERIFY(eventually([&] { return isAnswered; }));
    QCoreApplication::processEvents();
    QVERIFY(!isWithdrawnAnswered);
}

void ThreadResolverTest::letsTheCallbackDestroyItsLookup()
{
    ThreadResolver resolver(m_clock, [](const QByteArray &) { return addresses("10.0.0.1"); });
    std::unique_ptr<Resolver::Lookup> lookup;
    // The callback owns memory that it uses after its lookup is gone.
    auto count = std::make_shared<int>(0);
    lookup = resolver.resolve("a", EpollDispatcher::ofThisThread().loop(),
                              [&lookup, count](const Resolver::Answer &) {
                                  lookup.reset();
                                  ++*count;
                              });
    QVERIFY(eventually([&] { return *count == 1; }));
}

void ThreadResolverTest::answersEveryLoop()
{
    ThreadResolver resolver(m_clock, [](const QByteArray &) { return addresses("10.0.0.1"); });
    QThread thread;
    thread.setEventDispatcher(new EpollDispatcher);
    thread.start();
    QObject inside;
    inside.moveToThread(&thread);
    QSemaphore answered;
    std::unique_ptr<Resolver::Lookup> lookup;
    QMetaObject::invokeMethod(&inside, [&] {
        lookup = resolver.resolve("a", EpollDispatcher::ofThisThread().loop(),
                                  [&](const Resolver::Answer &) {
                                      lookup.reset();
                                      answered.release();
                                  });
    });
    QVERIFY(answered.tryAcquire(1, QDeadlineTimer(20s)));
    QVERIFY(ask(resolver, "a"));
    thread.quit();
    QVERIFY(thread.wait(QDeadlineTimer(20s)));
}

DELTA_LOOP_TEST_MAIN(ThreadResolverTest)
#include "tst_thread_resolver.moc"

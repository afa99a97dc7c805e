#include "gateway/net/thread_resolver.h"
#include "tests/support/loop_main.h"
#include "tests/support/scripted_wait.h"

#include <QScopeGuard>
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
    void asksOnceForANameThatCallersGaveUp();
    void answersOtherNamesWhileSomeAreSlow();
    void givesTheOldAnswerWhileItAsksAgain();
    void keepsTheOldAnswerWhenAskingAgainFails();
    void forgetsAnAnswerThatIsTooOld();
    void refusesMoreNamesThanItMayAskFor();
    void endsWithoutAskingForWhatIsLeft();
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
    QVERIFY(eventually([&] { return calls == 2; }));
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

void ThreadResolverTest::asksOnceForANameThatCallersGaveUp()
{
    std::atomic<int> deadCalls = 0;
    QSemaphore mayAnswer;
    ThreadResolver resolver(m_clock, [&](const QByteArray &host) {
        if (host == "dead") {
            ++deadCalls;
            mayAnswer.acquire();
        }
        return addresses("10.0.0.1");
    });
    const auto letGo = qScopeGuard([&] { mayAnswer.release(100); });
    for (int round = 0; round < 20; ++round) {
        const auto given = resolver.resolve("dead", EpollDispatcher::ofThisThread().loop(),
                                            [](const Resolver::Answer &) { });
        QVERIFY(eventually([&] { return deadCalls > 0; }));
    }
    QVERIFY(ask(resolver, "healthy"));
    QCOMPARE(deadCalls.load(), 1);
    mayAnswer.release(1);
    QVERIFY(ask(resolver, "dead"));
    QCOMPARE(deadCalls.load(), 1);
}

void ThreadResolverTest::answersOtherNamesWhileSomeAreSlow()
{
    QSemaphore mayAnswer;
    ThreadResolver resolver(m_clock, [&](const QByteArray &host) {
        if (host.startsWith("slow")) {
            mayAnswer.acquire();
        }
        return addresses("10.0.0.1");
    });
    const auto letGo = qScopeGuard([&] { mayAnswer.release(100); });
    const int slowCount = ThreadResolver::maxThreads - 1;
    int slowAnswers = 0;
    std::vector<std::unique_ptr<Resolver::Lookup>> slow;
    for (int index = 0; index < slowCount; ++index) {
        slow.push_back(resolver.resolve("slow" + QByteArray::number(index),
                                        EpollDispatcher::ofThisThread().loop(),
                                        [&](const Resolver::Answer &) { ++slowAnswers; }));
    }
    QVERIFY(ask(resolver, "quick"));
    QCOMPARE(slowAnswers, 0);
    mayAnswer.release(slowCount);
    QVERIFY(eventually([&] { return slowAnswers == slowCount; }));
}

void ThreadResolverTest::givesTheOldAnswerWhileItAsksAgain()
{
    std::atomic<int> calls = 0;
    QSemaphore mayAnswer(1);
    ThreadResolver resolver(m_clock, [&](const QByteArray &) {
        const int call = ++calls;
        mayAnswer.acquire();
        return addresses(call == 1 ? "10.0.0.1" : "10.0.0.2");
    });
    const auto letGo = qScopeGuard([&] { mayAnswer.release(100); });
    QCOMPARE(ask(resolver, "a")->value().front().toText(), "10.0.0.1:0");
    m_clock.seconds += 30;
    for (int round = 0; round < 3; ++round) {
        const auto old = ask(resolver, "a");
        QVERIFY(old.has_value());
        QCOMPARE(old->value().front().toText(), "10.0.0.1:0");
    }
    mayAnswer.release(1);
    QVERIFY(
        eventually([&] { return ask(resolver, "a")->value().front().toText() == "10.0.0.2:0"; }));
    QCOMPARE(calls.load(), 2);
}

void ThreadResolverTest::keepsTheOldAnswerWhenAskingAgainFails()
{
    std::atomic<int> calls = 0;
    ThreadResolver resolver(m_clock, [&](const QByteArray &) -> Resolver::Answer {
        if (++calls == 1) {
            return addresses("10.0.0.1");
        }
        return std::unexpected(QStringLiteral("no"));
    });
    QVERIFY(ask(resolver, "a").value());
    m_clock.seconds += 30;
    for (int round = 2; round <= 4; ++round) {
        QVERIFY(ask(resolver, "a").value());
        QVERIFY(eventually([&] { return calls == round; }));
        QVERIFY(ask(resolver, "a").value());
        m_clock.seconds += 1; // A failure is remembered for as long.
    }
}

void ThreadResolverTest::forgetsAnAnswerThatIsTooOld()
{
    std::atomic<int> calls = 0;
    ThreadResolver resolver(m_clock, [&](const QByteArray &) -> Resolver::Answer {
        if (++calls == 1) {
            return addresses("10.0.0.1");
        }
        return std::unexpected(QStringLiteral("no"));
    });
    QVERIFY(ask(resolver, "a").value());
    m_clock.seconds += 30 + 300;
    QVERIFY(!ask(resolver, "a").value());
}

void ThreadResolverTest::refusesMoreNamesThanItMayAskFor()
{
    QSemaphore mayAnswer;
    ThreadResolver resolver(m_clock, [&](const QByteArray &) {
        mayAnswer.acquire();
        return addresses("10.0.0.1");
    });
    const auto letGo = qScopeGuard([&] { mayAnswer.release(10'000); });
    const auto limit = static_cast<int>(ThreadResolver::maxNames);
    int answers = 0;
    std::vector<std::unique_ptr<Resolver::Lookup>> lookups;
    for (int index = 0; index < limit; ++index) {
        lookups.push_back(resolver.resolve(QByteArray::number(index),
                                           EpollDispatcher::ofThisThread().loop(),
                                           [&](const Resolver::Answer &) { ++answers; }));
    }
    QVERIFY(!ask(resolver, "one more").value());
    QCOMPARE(answers, 0);
    mayAnswer.release(limit);
    QVERIFY(eventually([&] { return answers == limit; }));
    mayAnswer.release(1);
    QVERIFY(ask(resolver, "one more").value()); // What is only remembered makes room.
}

void ThreadResolverTest::endsWithoutAskingForWhatIsLeft()
{
    std::atomic<int> calls = 0;
    QSemaphore never;
    {
        ThreadResolver resolver(m_clock, [&](const QByteArray &) {
            ++calls;
            (void)never.tryAcquire(1, QDeadlineTimer(1s)); // The destructor comes meanwhile.
            return addresses("10.0.0.1");
        });
        for (int index = 0; index < 2 * ThreadResolver::maxThreads; ++index) {
            const auto given = resolver.resolve(QByteArray::number(index),
                                                EpollDispatcher::ofThisThread().loop(),
                                                [](const Resolver::Answer &) { });
        }
        QVERIFY(eventually([&] { return calls == ThreadResolver::maxThreads; }));
    }
    QCOMPARE(calls.load(), ThreadResolver::maxThreads);
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

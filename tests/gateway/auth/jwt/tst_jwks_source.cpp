// labels: fault
#include "gateway/auth/jwt/jwks_source.h"
#include "tests/gateway/auth/jwt/jwt_signer.h"
#include "tests/support/scripted_wait.h"

#include <QtTest>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <semaphore>

using namespace delta;
using namespace delta::auth;
using namespace delta::auth::test;
using delta::test::eventually;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

using Answer = std::expected<QByteArray, QString>;

/// A clock that makes a leap of a minute with each look: whatever may be due by then is due.
class LeapingClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steady() const override
    {
        return SteadyTime(1min * ++m_looks);
    }
    [[nodiscard]] WallTime wall() const override
    {
        return testNow;
    }

private:
    mutable std::atomic<int> m_looks = 0;
};

/// An issuer that answers only when the test says what. Counts who asks.
class Issuer
{
public:
    [[nodiscard]] Answer answer(const std::stop_token &stop)
    {
        ++m_questions;
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return !m_answers.empty(); })) {
            return std::unexpected(u"stopped"_s);
        }
        Answer next = std::move(m_answers.front());
        m_answers.pop_front();
        return next;
    }
    void say(Answer answer)
    {
        const std::scoped_lock lock(m_mutex);
        m_answers.push_back(std::move(answer));
        m_changed.notify_one();
    }
    [[nodiscard]] int questions() const
    {
        return m_questions;
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Answer> m_answers;
    std::atomic<int> m_questions = 0;
};

} // namespace

class JwksSourceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fetchesTheKeysAtItsStart()
    {
        Issuer issuer;
        const auto source = start(issuer);
        QVERIFY(!source->current());
        issuer.say(document(u"a"_s));
        QVERIFY(eventually([&] { return source->current() != nullptr; }));
        QCOMPARE(source->current()->size(), 1);
    }

    void fetchesAnewWhenSomebodyUsedAnUnknownKey()
    {
        Issuer issuer;
        const auto source = start(issuer);
        issuer.say(document(u"a"_s));
        QVERIFY(eventually([&] { return source->current() != nullptr; }));
        const auto before = source->current();
        source->askAnew();
        QVERIFY(eventually([&] { return issuer.questions() == 2; }));
        QCOMPARE(source->current(), before);
        issuer.say(document(u"b"_s));
        QVERIFY(eventually([&] { return source->current() != before; }));
        QVERIFY(source->current()->find(u"b"_s, *findJwtAlgorithm(u"EdDSA")));
    }

    void keepsTheKeysThatItHasWhenThingsGoWrong_data()
    {
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<bool>("isAnswer");
        QTest::newRow("not found") << QByteArray("it answered 404") << false;
        QTest::newRow("a page") << QByteArray("<html>") << true;
        QTest::newRow("no keys") << QByteArray("{\"keys\":[]}") << true;
        QTest::newRow("huge") << QByteArray(300 * 1024, ' ') << true;
    }

    void keepsTheKeysThatItHasWhenThingsGoWrong()
    {
        QFETCH(QByteArray, bad);
        QFETCH(bool, isAnswer);
        Issuer issuer;
        const auto source = start(issuer);
        issuer.say(document(u"a"_s));
        QVERIFY(eventually([&] { return source->current() != nullptr; }));
        const auto before = source->current();
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"cannot be fetched"_s));
        source->askAnew();
        for (int time = 0; time < 3; ++time) {
            issuer.say(isAnswer ? Answer(bad) : std::unexpected(QString::fromLatin1(bad)));
            QVERIFY(eventually([&] {
                return issuer.questions() == time + 3;
            })); // It comes back by itself, and says it once.
            QCOMPARE(source->current(), before);
        }
        QTest::ignoreMessage(QtInfoMsg, QRegularExpression(u"here again"_s));
        issuer.say(document(u"b"_s));
        QVERIFY(eventually([&] { return source->current() != before; }));
    }

    void changesNothingWhenNothingChanged()
    {
        Issuer issuer;
        const auto source = start(issuer);
        const Answer same = document(u"a"_s);
        issuer.say(same);
        QVERIFY(eventually([&] { return source->current() != nullptr; }));
        const auto before = source->current();
        source->askAnew();
        QVERIFY(eventually([&] { return issuer.questions() == 2; }));
        source->askAnew();
        issuer.say(same);
        QVERIFY(eventually([&] { return issuer.questions() == 3; }));
        QCOMPARE(source->current(), before);
    }

    void asksOnceHoweverManyAsk()
    {
        Issuer issuer;
        const auto source = start(issuer);
        issuer.say(document(u"a"_s));
        QVERIFY(eventually([&] { return source->current() != nullptr; }));
        for (int time = 0; time < 1000; ++time) {
            source->askAnew();
        }
        QVERIFY(eventually([&] { return issuer.questions() == 2; }));
        for (int time = 0; time < 1000; ++time) {
            source->askAnew();
        }
        issuer.say(document(u"b"_s));
        QVERIFY(eventually([&] {
            return issuer.questions() == 3;
        })); // For those who came after the second question.
        QVERIFY(!source->current()->find(u"a"_s, *findJwtAlgorithm(u"EdDSA")));
    }

    void endsWhileAnIssuerHangs()
    {
        Issuer issuer;
        auto source = start(issuer);
        QVERIFY(eventually([&] { return issuer.questions() == 1; }));
        source.reset();
        QCOMPARE(issuer.questions(), 1);
    }

private:
    [[nodiscard]] std::unique_ptr<JwksSource> start(Issuer &issuer) const
    {
        return std::make_unique<JwksSource>(
            [&issuer](const std::stop_token &stop) { return issuer.answer(stop); }, m_clock);
    }
    [[nodiscard]] Answer document(const QString &id) const
    {
        return jwksOf({m_key.jwk(id)});
    }

    const SigningKey m_key{KeyKind::Ed25519};
    const LeapingClock m_clock;
};

QTEST_GUILESS_MAIN(JwksSourceTest)
#include "tst_jwks_source.moc"

#include "gateway/auth/hook/hook_authenticator.h"
#include "tests/gateway/auth/auth_fakes.h"

#include <QtTest>

#include <atomic>
#include <memory>
#include <semaphore>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::auth;
using namespace std::chrono_literals;

namespace {

const QByteArray ada = R"({"allow":true,"user_id":"ada","team_id":"research"})";

/// A clock that any thread may read while another moves it.
class MovedClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steady() const override
    {
        return SteadyTime(std::chrono::hours(1)) + m_passed.load();
    }
    [[nodiscard]] WallTime wall() const override
    {
        return WallTime();
    }
    void pass(std::chrono::milliseconds time)
    {
        m_passed = m_passed.load() + time;
    }

private:
    std::atomic<std::chrono::milliseconds> m_passed{};
};

} // namespace

class HookAuthenticatorTest final : public QObject
{
    Q_OBJECT

    MovedClock m_clock;
    std::atomic<int> m_questions = 0;
    std::expected<QByteArray, QString> m_answer; ///< Not changed while anybody asks.
    std::unique_ptr<HookAuthenticator> m_hook;

    void start(HookAuthenticator::Ask ask, int maxConcurrent = 2)
    {
        HookSettings settings;
        settings.url = "https://played.test";
        settings.maxConcurrent = maxConcurrent;
        std::array<std::byte, 32> bytes{};
        m_hook = std::make_unique<HookAuthenticator>(
            HookAuthenticator::Parts{std::move(ask), Pepper(bytes), m_clock}, settings);
    }
    void startAnswering()
    {
        start([this](const Secret &, const std::stop_token &) {
            ++m_questions;
            return m_answer;
        });
    }
    /// Asks and waits.
    Result<Principal> asked(QByteArrayView credential)
    {
        std::binary_semaphore isHere{0};
        std::optional<Result<Principal>> heard;
        m_hook->ask(credential, [&](const Result<Principal> &result) {
            heard = result;
            isHere.release();
        });
        isHere.acquire();
        return *heard;
    }

private Q_SLOTS:
    void init()
    {
        m_questions = 0;
        m_answer = ada;
    }
    void cleanup()
    {
        m_hook.reset();
    }

    void knowsNobodyBeforeItAsked()
    {
        startAnswering();
        QVERIFY(!m_hook->known("badge-7"));
        QCOMPARE(m_questions, 0);
    }

    void letsInWhomTheHookLetsIn()
    {
        startAnswering();
        const auto principal = asked("badge-7");
        QVERIFY(principal);
        QCOMPARE(principal->kind, PrincipalKind::Custom);
        QCOMPARE(principal->keyId, "custom:ada");
        QCOMPARE(principal->userId, "ada");
        QCOMPARE(principal->teamId, "research");
        QVERIFY(principal->key);
    }

    void remembersForAsLongAsItMay()
    {
        startAnswering();
        QVERIFY(asked("badge-7"));
        m_clock.pass(59'999ms);
        QVERIFY(m_hook->known("badge-7")->has_value());
        QVERIFY(asked("badge-7"));
        QCOMPARE(m_questions, 1);
        m_clock.pass(1ms);
        QVERIFY(!m_hook->known("badge-7"));
        QVERIFY(asked("badge-7"));
        QCOMPARE(m_questions, 2);
    }

    void remembersNoLongerThanTheHookSays()
    {
        m_answer = R"({"allow":true,"user_id":"ada","expires_in":5})";
        startAnswering();
        QVERIFY(asked("badge-7"));
        m_clock.pass(4'999ms);
        QVERIFY(m_hook->known("badge-7"));
        m_clock.pass(1ms);
        QVERIFY(!m_hook->known("badge-7"));
    }

    void remembersARefusalForAWhile()
    {
        m_answer = R"({"allow":false})";
        startAnswering();
        const auto refused = asked("badge-7");
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::InvalidApiKey);
        QCOMPARE(m_hook->known("badge-7")->error().kind, ErrorKind::InvalidApiKey);
        m_clock.pass(10s);
        QVERIFY(!m_hook->known("badge-7"));
    }

    void asksOnceForAllWhoComeWithTheSameCredential()
    {
        std::counting_semaphore<> mayAnswer{0};
        start([&](const Secret &, const std::stop_token &) {
            ++m_questions;
            mayAnswer.acquire();
            return m_answer;
        });
        std::counting_semaphore<> heard{0};
        std::atomic<int> letIn = 0;
        for (int time = 0; time < 100; ++time) {
            m_hook->ask("badge-7", [&](const Result<Principal> &result) {
                letIn += result ? 1 : 0;
                heard.release();
            });
        }
        mayAnswer.release();
        for (int time = 0; time < 100; ++time) {
            heard.acquire();
        }
        QCOMPARE(letIn, 100);
        QCOMPARE(m_questions, 1);
    }

    void asksNoMoreAtOnceThanItMay()
    {
        std::counting_semaphore<> mayAnswer{0};
        std::atomic<int> atOnce = 0;
        std::atomic<int> most = 0;
        start(
            [&](const Secret &, const std::stop_token &) {
                most = std::max(most.load(), ++atOnce);
                mayAnswer.acquire();
                --atOnce;
                return m_answer;
            },
            1);
        std::counting_semaphore<> heard{0};
        for (int number = 0; number < 10; ++number) {
            m_hook->ask("badge-" + QByteArray::number(number),
                        [&heard](const Result<Principal> &) { heard.release(); });
        }
        mayAnswer.release(10);
        for (int number = 0; number < 10; ++number) {
            heard.acquire();
        }
        QCOMPARE(most, 1);
    }

    void letsNobodyInWhileTheHookFailsAndGivesItARest()
    {
        m_answer = std::unexpected(u"it answered 500"_s);
        startAnswering();
        QTest::ignoreMessage(QtWarningMsg, "custom auth cannot be asked: it answered 500");
        const auto nobody = asked("badge-7");
        QVERIFY(!nobody);
        QCOMPARE(nobody.error().status(), 503);
        QCOMPARE(nobody.error().code, u"identity_unavailable"_s);
        QVERIFY(!m_hook->known("badge-7"));
        QCOMPARE(asked("badge-8").error().status(), 503);
        QCOMPARE(m_questions, 1);
        m_answer = ada;
        m_clock.pass(1s);
        QVERIFY(asked("badge-7"));
        QCOMPARE(m_questions, 2);
    }

    void goesOnLettingInWhomItRemembersWhileTheHookFails()
    {
        startAnswering();
        QVERIFY(asked("badge-7"));
        m_answer = std::unexpected(u"it answered 500"_s);
        QTest::ignoreMessage(QtWarningMsg, "custom auth cannot be asked: it answered 500");
        QVERIFY(!asked("badge-8"));
        QVERIFY(m_hook->known("badge-7")->has_value());
    }

    void takesNoAnswerForALetIn()
    {
        for (const QByteArray text :
             {"", "true", R"({"allow":true})", R"({"allow":true,"user":"ada"})"}) {
            m_answer = text;
            startAnswering();
            QTest::ignoreMessage(QtWarningMsg,
                                 QRegularExpression(u"custom auth cannot be asked"_s));
            QCOMPARE(asked("badge-7").error().status(), 503);
        }
    }

    void holdsNoMoreQuestionsThanItCanAnswer()
    {
        std::counting_semaphore<> mayAnswer{0};
        start(
            [&](const Secret &, const std::stop_token &) {
                mayAnswer.acquire();
                return m_answer;
            },
            1);
        std::counting_semaphore<> heard{0};
        std::atomic<int> refused = 0;
        const int count = int(HookAuthenticator::mostWaiting) + 10;
        for (int number = 0; number < count; ++number) {
            m_hook->ask("badge-" + QByteArray::number(number),
                        [&](const Result<Principal> &result) {
                            refused += result ? 0 : 1;
                            heard.release();
                        });
        }
        QVERIFY(refused >= 9); // One is being asked, unless the thread has not begun yet.
        mayAnswer.release(count);
        for (int number = 0; number < count; ++number) {
            heard.acquire();
        }
        QVERIFY(refused <= 10);
    }

    void answersWhoWaitsWhenItStops()
    {
        std::binary_semaphore isAsked{0};
        start(
            [&](const Secret &, const std::stop_token &stop) -> std::expected<QByteArray, QString> {
                isAsked.release();
                while (!stop.stop_requested()) {
                    std::this_thread::yield();
                }
                return std::unexpected(u"cut short"_s);
            });
        std::atomic<int> status = 0;
        m_hook->ask("badge-7", [&status](const Result<Principal> &result) {
            status = result ? 200 : result.error().status();
        });
        isAsked.acquire();
        m_hook->stop();
        QCOMPARE(status, 503);
        QCOMPARE(asked("badge-8").error().status(), 503);
    }

    void refusesUnaskedWhatCanBeNoCredential()
    {
        startAnswering();
        const QByteArray longest(HookAuthenticator::longestCredential, 'a');
        QVERIFY(!m_hook->known(longest));
        for (const QByteArray &credential :
             {longest + 'a', QByteArray("two words"), QByteArray("\x01"), QByteArray("\xc3\xa4")}) {
            QCOMPARE(m_hook->known(credential)->error().kind, ErrorKind::InvalidApiKey);
        }
    }
};

QTEST_GUILESS_MAIN(HookAuthenticatorTest)
#include "tst_hook_authenticator.moc"

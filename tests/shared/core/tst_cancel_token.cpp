#include "shared/core/cancel_token.h"

#include <QTest>

#include <memory>
#include <optional>
#include <vector>

namespace delta {

class CancelTokenTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isNotCancelledByDefault();
    void tellsAllTokensOfItsSource();
    void callsInOrderOfRegistrationAndOnce();
    void callsAtOnceWhenAlreadyCancelled();
    void forgetsWhoLetGo();
    void letsACallbackRemoveAnother();
    void letsACallbackRemoveItself();
    void letsACallbackRegisterAnother();
    void letsACallbackDestroyTheSource();
    void survivesItsSource();
    void handsARegistrationOn();
};

void CancelTokenTest::isNotCancelledByDefault()
{
    const CancelToken token;
    QVERIFY(!token.isCancelled());
    const auto registration = token.onCancel([] { QFAIL("nobody cancels"); });
    CancelSource source;
    QVERIFY(!source.token().isCancelled());
}

void CancelTokenTest::tellsAllTokensOfItsSource()
{
    CancelSource source;
    CancelSource other;
    const CancelToken token = source.token();
    const CancelToken copy = token;
    source.cancel();
    QVERIFY(token.isCancelled());
    QVERIFY(copy.isCancelled());
    QVERIFY(!other.token().isCancelled());
}

void CancelTokenTest::callsInOrderOfRegistrationAndOnce()
{
    CancelSource source;
    std::vector<int> calls;
    const auto first = source.token().onCancel([&] { calls.push_back(1); });
    const auto second = source.token().onCancel([&] { calls.push_back(2); });
    source.cancel();
    source.cancel();
    QCOMPARE(calls, (std::vector{1, 2}));
}

void CancelTokenTest::callsAtOnceWhenAlreadyCancelled()
{
    CancelSource source;
    source.cancel();
    bool wasCalled = false;
    const auto registration = source.token().onCancel([&] { wasCalled = true; });
    QVERIFY(wasCalled);
}

void CancelTokenTest::forgetsWhoLetGo()
{
    CancelSource source;
    {
        const auto registration = source.token().onCancel([] { QFAIL("its registration died"); });
    }
    source.cancel();
    QVERIFY(source.token().isCancelled());
}

void CancelTokenTest::letsACallbackRemoveAnother()
{
    CancelSource source;
    std::optional<CancelRegistration> second;
    const auto first = source.token().onCancel([&] { second.reset(); });
    second = source.token().onCancel([] { QFAIL("the first callback removed it"); });
    source.cancel();
    QVERIFY(!second);
}

void CancelTokenTest::letsACallbackRemoveItself()
{
    CancelSource source;
    std::optional<CancelRegistration> registration;
    int calls = 0;
    registration = source.token().onCancel([&] {
        registration.reset();
        ++calls;
    });
    source.cancel();
    QCOMPARE(calls, 1);
}

void CancelTokenTest::letsACallbackRegisterAnother()
{
    CancelSource source;
    std::vector<int> calls;
    CancelRegistration inner;
    const auto outer = source.token().onCancel([&] {
        inner = source.token().onCancel([&] { calls.push_back(2); });
        calls.push_back(1);
    });
    source.cancel();
    QCOMPARE(calls, (std::vector{2, 1}));
}

void CancelTokenTest::letsACallbackDestroyTheSource()
{
    auto source = std::make_unique<CancelSource>();
    const CancelToken token = source->token();
    bool wasCalled = false;
    const auto first = token.onCancel([&] { source.reset(); });
    const auto second = token.onCancel([&] { wasCalled = true; });
    source->cancel();
    QVERIFY(wasCalled);
    QVERIFY(token.isCancelled());
}

void CancelTokenTest::survivesItsSource()
{
    CancelToken token;
    CancelRegistration registration;
    {
        CancelSource source;
        token = source.token();
        registration = token.onCancel([] { QFAIL("a source that dies cancels nothing"); });
    }
    QVERIFY(!token.isCancelled());
}

void CancelTokenTest::handsARegistrationOn()
{
    CancelSource source;
    int calls = 0;
    CancelRegistration target;
    {
        CancelRegistration first = source.token().onCancel([&] { ++calls; });
        target = std::move(first);
    }
    const CancelRegistration last = std::move(target);
    source.cancel();
    QCOMPARE(calls, 1);
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::CancelTokenTest)
#include "tst_cancel_token.moc"

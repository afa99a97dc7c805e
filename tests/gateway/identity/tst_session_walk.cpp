// labels: db
// services: postgres
// dialects: both
#include "gateway/identity/identity_errors.h"
#include "tests/gateway/identity/identity_rig.h"

#include <QTest>

#include <chrono>
#include <memory>
#include <random>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::identity;
using delta::identity::test::IdentityRig;

namespace {

/// What must be true of a session.
struct Model {
    OpenSession open;
    WallTime createdAt;
    WallTime seenAt;
    bool isEnded = false;

    [[nodiscard]] bool isGoodAt(WallTime now) const
    {
        return !isEnded && now - seenAt < 30min && now - createdAt < 12h;
    }
};

} // namespace

class SessionWalkTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<IdentityRig> m_rig;

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<IdentityRig>();
    }
    void cleanup()
    {
        m_rig.reset();
    }

    /// Opens, uses, renews and ends sessions by chance, while time passes, and holds each answer against what must be.
    void obeysItsRulesOnEveryWalk_data()
    {
        QTest::addColumn<quint32>("seed");
        for (const quint32 seed : {1U, 2U, 3U}) {
            QTest::addRow("%u", seed) << seed;
        }
    }
    void obeysItsRulesOnEveryWalk()
    {
        QFETCH(const quint32, seed);
        std::mt19937 chance(seed);
        m_rig->people.list = {{u"ada"_s, u"ada@example.com"_s, {}, u"platform_admin"_s, false}};
        std::vector<Model> models;
        std::vector<Secret> deadTokens;
        int goodUses = 0;
        int badUses = 0;
        for (int step = 0; step < 600; ++step) {
            const auto now = m_rig->clock.now;
            const auto what = chance() % 10;
            if (what == 0 || models.empty()) {
                models.push_back(
                    {m_rig->sessions.open(m_rig->people.list[0], {}).value(), now, now});
                continue;
            }
            Model &model = models[chance() % models.size()];
            if (what == 1) {
                const auto wasOpen = m_rig->sessions.end(model.open.session.id, u"ada"_s);
                QVERIFY(wasOpen);
                QVERIFY(!*wasOpen || !model.isEnded);
                model.isEnded = true;
            } else if (what < 4) {
                m_rig->clock.now += std::chrono::seconds(chance() % (12 * 60));
            } else if (what == 4 && !deadTokens.empty()) {
                QVERIFY(!m_rig->sessions.identify(deadTokens[chance() % deadTokens.size()], {}));
            } else {
                use(model, what == 5 ? &deadTokens : nullptr, goodUses, badUses);
                if (QTest::currentTestFailed()) {
                    return;
                }
            }
        }
        QVERIFY(goodUses > 20 && badUses > 20); // The walk went through both.
    }

private:
    /// Uses a session; with `deadTokens`, has it renewed, and keeps the token that it had.
    void use(Model &model, std::vector<Secret> *deadTokens, int &goodUses, int &badUses)
    {
        const WallTime now = m_rig->clock.now;
        const auto caller = m_rig->sessions.identify(model.open.token, {});
        QCOMPARE(caller.has_value(), model.isGoodAt(now));
        ++(caller ? goodUses : badUses);
        if (!caller) {
            model.isEnded = true;
            return;
        }
        model.seenAt = now - model.seenAt >= 1min ? now : model.seenAt;
        QVERIFY(caller->session.lastSeenAt == model.seenAt);
        if (deadTokens != nullptr) {
            auto renewed = m_rig->sessions.renew(caller->session);
            QVERIFY(renewed);
            deadTokens->push_back(std::exchange(model.open, *renewed).token);
        }
    }
};

QTEST_GUILESS_MAIN(SessionWalkTest)
#include "tst_session_walk.moc"

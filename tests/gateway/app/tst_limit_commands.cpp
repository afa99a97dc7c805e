// labels: unit db
#include "gateway/app/commands.h"
#include "gateway/app/limit_commands.h"
#include "tests/gateway/app/command_run.h"

#include <QTest>

#include <memory>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::app;
using delta::app::test::CommandPlace;
using delta::app::test::faultWithoutStore;
using delta::app::test::Function;
using delta::app::test::Ran;
using delta::app::test::run;

class LimitCommandsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void setsALimit();
    void replacesALimitAsAWhole();
    void refusesAWrongLimit();
    void listsLimits();
    void saysThatThereAreNoLimits();
    void removesALimit();
    void removesTheLimitsOfAKeyWithIt();
    void makesNoStoreForALimit_data();
    void makesNoStoreForALimit();

private:
    [[nodiscard]] std::vector<RateLimit> stored() const
    {
        auto store = m_place->store();
        return store.loadRateLimits().value();
    }
    /// Asks for a limit of the user "ann".
    void askForALimit(const RateLimits &limits)
    {
        m_place->options.limit = {{RateScope::User, u"ann"_s, {}, {}}, limits};
    }

    std::unique_ptr<CommandPlace> m_place;
};

void LimitCommandsTest::init()
{
    m_place = std::make_unique<CommandPlace>();
    QCOMPARE(run(createKeys, m_place->options).exit, ExitCode::Ok); // Limits make no store.
}

void LimitCommandsTest::setsALimit()
{
    askForALimit({60, {}, {}, {}, {}, {}, 4});
    const Ran ran = run(setLimit, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Ok);
    QCOMPARE(ran.errors, QString());
    QVERIFY2(
        ran.output.startsWith(u"user 'ann'  60 requests per minute, 4 requests at once\nSet."_s),
        qPrintable(ran.output));
    QVERIFY(stored() == std::vector{m_place->options.limit});
}

void LimitCommandsTest::replacesALimitAsAWhole()
{
    askForALimit({60, {}, {}, {}, {}, {}, 4});
    QCOMPARE(run(setLimit, m_place->options).exit, ExitCode::Ok);
    askForALimit({{}, 7, {}, {}, {}, {}, {}});
    QCOMPARE(run(setLimit, m_place->options).exit, ExitCode::Ok);
    QVERIFY(stored() == std::vector{m_place->options.limit});
}

void LimitCommandsTest::refusesAWrongLimit()
{
    askForALimit({});
    const Ran none = run(setLimit, m_place->options);
    QCOMPARE(none.exit, ExitCode::Failed);
    QVERIFY2(none.errors.contains(u"At least one limit"_s), qPrintable(none.errors));
    QCOMPARE(none.output, QString());
    askForALimit({1, {}, {}, {}, {}, {}, {}});
    m_place->options.limit.subject.scopeId.clear();
    QVERIFY(run(setLimit, m_place->options).errors.contains(u"'scope_id'"_s));
    QVERIFY(stored().empty());
}

void LimitCommandsTest::listsLimits()
{
    askForALimit({60, {}, {}, {}, {}, {}, {}});
    QCOMPARE(run(setLimit, m_place->options).exit, ExitCode::Ok);
    m_place->options.limit = {{RateScope::TeamMember, u"sales"_s, u"bob"_s, u"m"_s},
                              {{}, {}, {}, {}, {}, 9, {}}};
    QCOMPARE(run(setLimit, m_place->options).exit, ExitCode::Ok);
    QCOMPARE(run(listLimits, m_place->options).output,
             u"member 'bob' of the team 'sales' with the model 'm'  9 tokens per day\n"
             "user 'ann'  60 requests per minute\n"_s);
    m_place->options.output = OutputForm::Json;
    const QList<QJsonObject> objects = run(listLimits, m_place->options).objects();
    QCOMPARE(objects.size(), 2);
    QCOMPARE(objects[0].value("scope"_L1).toString(), u"team_member"_s);
    QCOMPARE(objects[0].value("tpd_limit"_L1).toInt(), 9);
    QCOMPARE(objects[1].value("rpm_limit"_L1).toInt(), 60);
}

void LimitCommandsTest::saysThatThereAreNoLimits()
{
    QVERIFY(run(listLimits, m_place->options).output.contains(u"There are no rate limits"_s));
    m_place->options.output = OutputForm::Json;
    QCOMPARE(run(listLimits, m_place->options).output, QString()); // For programs, none is no line.
}

void LimitCommandsTest::removesALimit()
{
    askForALimit({60, {}, {}, {}, {}, {}, {}});
    QCOMPARE(run(setLimit, m_place->options).exit, ExitCode::Ok);
    QCOMPARE(run(removeLimit, m_place->options).exit, ExitCode::Ok);
    QVERIFY(stored().empty());
    const Ran again = run(removeLimit, m_place->options);
    QCOMPARE(again.exit, ExitCode::Failed);
    QVERIFY2(again.errors.contains(u"user 'ann'"_s), qPrintable(again.errors));
}

void LimitCommandsTest::removesTheLimitsOfAKeyWithIt()
{
    m_place->options.keyAlias = u"trial"_s;
    m_place->options.output = OutputForm::Json;
    const QJsonObject key = run(createKeys, m_place->options).objects().value(0);
    askForALimit({60, {}, {}, {}, {}, {}, {}});
    QCOMPARE(run(setLimit, m_place->options).exit, ExitCode::Ok);
    m_place->options.limit.subject = {
        RateScope::Key, key.value("key_id"_L1).toString(), {}, u"m"_s};
    QCOMPARE(run(setLimit, m_place->options).exit, ExitCode::Ok);
    m_place->options.keyId = u"trial"_s;
    QCOMPARE(run(revokeKey, m_place->options).exit, ExitCode::Ok);
    QCOMPARE(stored().size(), 1U);
    QCOMPARE(stored().front().subject.scope, RateScope::User);
}

void LimitCommandsTest::makesNoStoreForALimit_data()
{
    QTest::addColumn<int>("command");
    QTest::newRow("list") << 0;
    QTest::newRow("set") << 1;
    QTest::newRow("remove") << 2;
}

void LimitCommandsTest::makesNoStoreForALimit()
{
    QFETCH(const int, command);
    const Function functions[] = {listLimits, setLimit, removeLimit};
    askForALimit({60, {}, {}, {}, {}, {}, {}});
    QCOMPARE(faultWithoutStore(functions[command], *m_place), QString());
}

QTEST_GUILESS_MAIN(LimitCommandsTest)
#include "tst_limit_commands.moc"

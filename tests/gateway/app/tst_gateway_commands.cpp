// labels: db
// services: postgres
#include "gateway/app/gateway_commands.h"
#include "tests/gateway/app/command_run.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <memory>
#include <optional>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::app;
using delta::app::test::CommandPlace;
using delta::app::test::Ran;
using delta::app::test::run;
using delta::test::StorePlace;

/// Whatever the dialect of the run: a file has one gateway.
class GatewayCommandsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_database;
    std::unique_ptr<CommandPlace> m_place;
    std::optional<store::Store> m_gateway;

    [[nodiscard]] bool holds(std::int64_t nanos)
    {
        Budget budget;
        budget.id = u"a"_s;
        budget.scope = BudgetScope::Gateway;
        const ports::Grant grant{Money::fromNanos(nanos), {}};
        return m_gateway->insertBudget(budget)
            && m_gateway->renewGrant({budget, WallTime()},
                                     [&grant](const ports::GrantPicture &) { return grant; });
    }
    Ran forget(qint64 id, IfGatewaySeen ifSeen)
    {
        m_place->options.gatewayId = id;
        m_place->options.ifGatewaySeen = ifSeen;
        return run(forgetGateway, m_place->options);
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("DELTA_TEST_DIALECT", "postgres");
    }
    void init()
    {
        m_database = std::make_unique<StorePlace>();
        m_place = std::make_unique<CommandPlace>();
        m_place->options.configFile = m_place->folder.filePath(u"config.yaml"_s);
        QFile file(m_place->options.configFile);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("general_settings: {database_url: \"" + m_database->address().toUtf8()
                   + "\"}\n");
        file.close();
        m_gateway.emplace(m_database->address(), m_place->clock, u"name of its journal"_s);
        QVERIFY(m_gateway->enroll({u"host-a"_s, u"1.2.3"_s, {}, 0, 0}));
    }
    void cleanup()
    {
        m_gateway.reset();
        m_place.reset();
        m_database.reset();
    }

    void listsGateways()
    {
        QVERIFY(holds(2'500'000'000));
        const Ran ran = run(listGateways, m_place->options);
        QCOMPARE(ran.exit, ExitCode::Ok);
        QVERIFY2(ran.output.startsWith(u"1  host-a  1.2.3  started 2"_s), qPrintable(ran.output));
        QVERIFY2(ran.output.endsWith(u" s ago  holds 2.5 USD of 1 budget(s)  all posted\n"_s),
                 qPrintable(ran.output));
        m_place->options.output = OutputForm::Json;
        const QJsonObject object = run(listGateways, m_place->options).objects().value(0);
        QCOMPARE(object.value("id"_L1).toInt(), 1);
        QCOMPARE(object.value("journal"_L1).toString(), u"name of its journal"_s);
        QCOMPARE(object.value("host"_L1).toString(), u"host-a"_s);
        QCOMPARE(object.value("held"_L1).toDouble(), 2.5);
        QCOMPARE(object.value("held_budgets"_L1).toInt(), 1);
        QCOMPARE(object.value("open_calls"_L1).toInt(-1), 0);
    }
    void saysWhatIsNotPosted()
    {
        QVERIFY(m_gateway->reportIn({{}, {}, {}, 3, 4096}).value());
        const Ran ran = run(listGateways, m_place->options);
        QVERIFY2(
            ran.output.endsWith(u"holds nothing  3 call(s) under way, 4096 byte(s) not posted\n"_s),
            qPrintable(ran.output));
    }
    void saysThatThereAreNoGateways()
    {
        QVERIFY(m_gateway->leave());
        QVERIFY(run(listGateways, m_place->options).output.startsWith(u"No gateway runs"_s));
        m_place->options.output = OutputForm::Json;
        QCOMPARE(run(listGateways, m_place->options).output, QString());
    }
    void refusesToForgetOneThatSeemsToRun()
    {
        QVERIFY(holds(2'500'000'000));
        const Ran ran = forget(1, IfGatewaySeen::Refuse);
        QCOMPARE(ran.exit, ExitCode::Failed);
        QVERIFY2(ran.errors.startsWith(u"Gateway 1 on host-a was seen "_s), qPrintable(ran.errors));
        QVERIFY(m_gateway->reportIn({}).value());
    }
    void refusesToForgetOneThatItKnowsNothingOf()
    {
        QVERIFY(holds(1) && m_gateway->leave());
        QVERIFY(forget(1, IfGatewaySeen::Refuse).errors.startsWith(u"It is not known when"_s));
        QCOMPARE(forget(1, IfGatewaySeen::Forget).exit, ExitCode::Ok);
    }
    void forgetsOneWhenItIsToldTo()
    {
        QVERIFY(holds(2'500'000'000));
        const Ran ran = forget(1, IfGatewaySeen::Forget);
        QCOMPARE(ran.exit, ExitCode::Ok);
        QVERIFY2(ran.output.startsWith(u"Forgotten. It held 2.5 USD of 1 budget(s)"_s),
                 qPrintable(ran.output));
        QVERIFY(!m_gateway->reportIn({}).value());
        const Ran again = forget(1, IfGatewaySeen::Forget);
        QCOMPARE(again.exit, ExitCode::Failed);
        QVERIFY2(again.errors.startsWith(u"No gateway has the id 1"_s), qPrintable(again.errors));
    }
    void knowsThatAFileHasOneGateway()
    {
        m_place->options.configFile.clear();
        for (const auto command : {listGateways, forgetGateway}) {
            const Ran ran = run(command, m_place->options);
            QCOMPARE(ran.exit, ExitCode::Failed);
            QVERIFY2(ran.errors.contains(u"has one gateway"_s), qPrintable(ran.errors));
            QVERIFY(!QFileInfo::exists(m_place->options.stateDir));
        }
    }
};

QTEST_GUILESS_MAIN(GatewayCommandsTest)
#include "tst_gateway_commands.moc"

// labels: unit hostile
#include "gateway/app/options.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::app;

namespace {

constexpr const char *variables[] = {"DELTALLM_CONFIG_PATH",
                                     "DELTALLM_STATE_DIR",
                                     "STATE_DIRECTORY",
                                     "XDG_STATE_HOME",
                                     "HOST",
                                     "PORT"};

ParsedOptions parse(const QByteArrayList &words)
{
    std::vector<QByteArray> copies{"deltallm-gateway"};
    copies.insert(copies.end(), words.begin(), words.end());
    std::vector<char *> arguments;
    for (QByteArray &copy : copies) {
        arguments.push_back(copy.data());
    }
    return parseOptions(static_cast<int>(arguments.size()), arguments.data());
}

} // namespace

class OptionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void knowsItsCommands_data();
    void knowsItsCommands();
    void refusesAWrongCommandLine_data();
    void refusesAWrongCommandLine();
    void endsWellAfterHelp_data();
    void endsWellAfterHelp();
    void findsTheConfiguration();
    void doesNotPassOverAConfigurationThatIsOutOfReach();
    void findsTheStateFolder();
    void makesTheStateFolderAbsolute();
    void takesTheAddressOfTheCommandLine();
    void takesThePortOfTheEnvironmentButNoHost();
    void readsWhatAKeyIsToBe();
    void readsWhatAKeyMaySpend();
    void readsWhatABudgetIsToBe();
    void leavesOutWhatABudgetIsNotTold();
    void takesAMemberOfATeamForAScopeOfItsOwn();
    void readsWhatARateLimitIsToBe();

private:
    QTemporaryDir m_folder;
};

void OptionsTest::initTestCase()
{
    // A config.yaml that happens to lie around must not be found.
    QVERIFY(QDir::setCurrent(m_folder.path()));
}

void OptionsTest::init()
{
    for (const char *variable : variables) {
        qunsetenv(variable);
    }
}

void OptionsTest::knowsItsCommands_data()
{
    QTest::addColumn<QByteArrayList>("words");
    QTest::addColumn<int>("command");
    const auto add = [](const QByteArrayList &words, Command command) {
        QTest::newRow(words.join(' ').constData()) << words << static_cast<int>(command);
    };
    add({"serve"}, Command::Serve);
    add({"check-config", "--config", "a.yaml"}, Command::CheckConfig);
    add({"check-config", "a.yaml"}, Command::CheckConfig);
    add({"keys", "create"}, Command::KeysCreate);
    add({"keys", "list"}, Command::KeysList);
    add({"keys", "revoke", "a"}, Command::KeysRevoke);
    add({"budgets", "list"}, Command::BudgetsList);
    add({"budgets", "set", "--scope", "gateway"}, Command::BudgetsSet);
    add({"budgets", "reset", "a"}, Command::BudgetsReset);
    add({"budgets", "reset", "a", "--reason", "a refund"}, Command::BudgetsReset);
    add({"budgets", "remove", "a"}, Command::BudgetsRemove);
    add({"limits", "list"}, Command::LimitsList);
    add({"limits", "set", "--scope", "gateway", "--rpm", "1"}, Command::LimitsSet);
    add({"limits", "remove", "--scope", "gateway"}, Command::LimitsRemove);
    add({"alerts", "list"}, Command::AlertsList);
    add({"alerts", "test"}, Command::AlertsTest);
    add({"gateways", "list"}, Command::GatewaysList);
    add({"gateways", "forget", "3"}, Command::GatewaysForget);
    add({"verify"}, Command::Verify);
    add({"version"}, Command::Version);
}

void OptionsTest::knowsItsCommands()
{
    QFETCH(const QByteArrayList, words);
    QFETCH(const int, command);
    const ParsedOptions parsed = parse(words);
    QVERIFY(!parsed.exit);
    QCOMPARE(static_cast<int>(parsed.options.command), command);
    QCOMPARE(parsed.options.output, OutputForm::Text);
    QVERIFY(!parsed.options.stateDir.isEmpty());
}

void OptionsTest::refusesAWrongCommandLine_data()
{
    QTest::addColumn<QByteArrayList>("words");
    const auto add = [](const QByteArrayList &words) {
        QTest::newRow(words.isEmpty() ? "nothing" : words.join(' ').constData()) << words;
    };
    add({});
    add({"sreve"});
    add({"serve", "--port", "80"});
    add({"serve", "extra"});
    add({"serve", "--listen"});
    add({"keys"});
    add({"keys", "revoke"});
    add({"keys", "frob"});
    add({"keys", "create", "--expires", "soon"});
    add({"keys", "create", "--count", "0"});
    add({"keys", "create", "--count", "1000001"});
    add({"keys", "create", "--count", "many"});
    add({"keys", "create", "--max-budget", "much"});
    add({"keys", "create", "--max-budget", "-1"});
    add({"keys", "create", "--budget-duration", "30d"});
    add({"keys", "create", "--max-budget", "1", "--budget-duration", "soon"});
    add({"keys", "list", "--alias", "a"});
    add({"budgets"});
    add({"budgets", "set"});
    add({"budgets", "set", "--max-budget", "1"});
    add({"budgets", "set", "--scope", "planet"});
    add({"budgets", "set", "--scope", "gateway", "--max-budget", "1e3"});
    add({"budgets", "set", "--scope", "gateway", "--max-budget", "0.0000000001"});
    add({"budgets", "set", "--scope", "gateway", "--max-budget="});
    add({"budgets", "set", "--scope", "gateway", "--soft-budget", "-0.5"});
    add({"budgets", "set", "--scope", "gateway", "--duration", "0d"});
    add({"budgets", "set", "--scope", "gateway", "--rolling"});
    add({"budgets", "remove"});
    add({"budgets", "reset"});
    add({"budgets", "remove", "a", "--reason", "a refund"});
    add({"budgets", "list", "--scope", "gateway"});
    add({"limits"});
    add({"limits", "set"});
    add({"limits", "set", "--rpm", "1"});
    add({"limits", "set", "--scope", "provider", "--rpm", "1"});
    add({"limits", "set", "--scope", "gateway", "--rpm", "-1"});
    add({"limits", "set", "--scope", "gateway", "--rpm", "1.5"});
    add({"limits", "set", "--scope", "gateway", "--tpd", "1000000000001"});
    add({"limits", "remove"});
    add({"limits", "remove", "--scope", "gateway", "--rpm", "1"});
    add({"limits", "list", "--scope", "gateway"});
    add({"alerts"});
    add({"alerts", "test", "--json"});
    add({"serve", "verify"});
    add({"--listen", ":1", "serve"});
}

void OptionsTest::refusesAWrongCommandLine()
{
    QFETCH(const QByteArrayList, words);
    QCOMPARE(parse(words).exit, std::optional(ExitCode::Usage));
}

void OptionsTest::endsWellAfterHelp_data()
{
    QTest::addColumn<QByteArrayList>("words");
    QTest::newRow("help") << QByteArrayList{"--help"};
    QTest::newRow("help of a command") << QByteArrayList{"keys", "create", "--help"};
    QTest::newRow("help of budgets") << QByteArrayList{"budgets", "set", "--help"};
    QTest::newRow("version") << QByteArrayList{"--version"};
}

void OptionsTest::endsWellAfterHelp()
{
    QFETCH(const QByteArrayList, words);
    QCOMPARE(parse(words).exit, std::optional(ExitCode::Ok));
}

void OptionsTest::findsTheConfiguration()
{
    QCOMPARE(parse({"serve"}).options.configFile, u""_s);
    QFile usual(m_folder.filePath(u"config.yaml"_s));
    QVERIFY(usual.open(QIODevice::WriteOnly));
    usual.close();
    QCOMPARE(parse({"serve"}).options.configFile, u"config.yaml"_s);
    qputenv("DELTALLM_CONFIG_PATH", "/named/by.env");
    QCOMPARE(parse({"serve"}).options.configFile, u"/named/by.env"_s);
    QCOMPARE(parse({"serve", "-c", "own.yaml"}).options.configFile, u"own.yaml"_s);
    QCOMPARE(parse({"verify", "--config=own.yaml"}).options.configFile, u"own.yaml"_s);
    QCOMPARE(parse({"check-config", "own.yaml"}).options.configFile, u"own.yaml"_s);
    QVERIFY(usual.remove());
}

void OptionsTest::doesNotPassOverAConfigurationThatIsOutOfReach()
{
    const QString usual = m_folder.filePath(u"config.yaml"_s);
    QVERIFY(QFile::link(u"/gone/config.yaml"_s, usual));
    QCOMPARE(parse({"serve"}).options.configFile, u"config.yaml"_s);
    QVERIFY(QFile::remove(usual));
}

void OptionsTest::findsTheStateFolder()
{
    const auto found = [](const QByteArrayList &words) { return parse(words).options.stateDir; };
    qputenv("XDG_STATE_HOME", "/home/x/state");
    QCOMPARE(found({"serve"}), u"/home/x/state/deltallm"_s);
    qputenv("STATE_DIRECTORY", "/var/lib/by-systemd");
    QCOMPARE(found({"serve"}), u"/var/lib/by-systemd"_s);
    qputenv("DELTALLM_STATE_DIR", "/by/env");
    QCOMPARE(found({"keys", "list"}), u"/by/env"_s);
    QCOMPARE(found({"serve", "--state-dir", "/own"}), u"/own"_s);
}

void OptionsTest::makesTheStateFolderAbsolute()
{
    const QString here = QDir::currentPath();
    QCOMPARE(parse({"serve", "--state-dir", "a/../b/"}).options.stateDir, here + u"/b"_s);
    QCOMPARE(parse({"serve", "--state-dir", "."}).options.stateDir, here);
}

void OptionsTest::takesTheAddressOfTheCommandLine()
{
    QVERIFY(!parse({"serve"}).options.listen);
    QCOMPARE(parse({"serve", "--listen", ":9000"}).options.listen, std::optional(u":9000"_s));
}

void OptionsTest::takesThePortOfTheEnvironmentButNoHost()
{
    // The shells of some package managers export it.
    qputenv("HOST", "x86_64-conda-linux-gnu");
    QVERIFY(!parse({"serve"}).options.listen);
    QCOMPARE(parse({"serve"}).options.port, u""_s);
    qputenv("PORT", "4000");
    QCOMPARE(parse({"serve"}).options.port, u"4000"_s);
}

void OptionsTest::readsWhatAKeyIsToBe()
{
    const Options options = parse({"keys", "create", "--alias", "ci \xe2\x82\xac", "--models",
                                   "a,b/c", "--expires", "30d", "--user", "ada", "--team",
                                   "research", "--count", "3", "--json"})
                                .options;
    QCOMPARE(options.keyAlias, u"ci €"_s);
    QCOMPARE(options.keyModels, (QStringList{u"a"_s, u"b/c"_s}));
    QCOMPARE(options.keyDuration, u"30d"_s);
    QCOMPARE(options.keyUser, u"ada"_s);
    QCOMPARE(options.keyTeam, u"research"_s);
    QCOMPARE(options.keyCount, 3);
    QCOMPARE(options.output, OutputForm::Json);
    QCOMPARE(parse({"keys", "create"}).options.keyCount, 1);
    QCOMPARE(parse({"keys", "revoke", "an alias"}).options.keyId, u"an alias"_s);
}

void OptionsTest::readsWhatAKeyMaySpend()
{
    const auto budget = parse({"keys", "create", "--max-budget", "0.1", "--budget-duration", "30d"})
                            .options.keyBudget;
    QVERIFY(budget);
    QVERIFY(budget->maxBudget == Money::fromNanos(100'000'000)); // Exactly.
    QVERIFY(budget->duration == (Period{30, PeriodUnit::Day}));
    const RateLimits limits = parse({"keys", "create", "--rpm", "60", "--tpm", "0", "--tpd", "9",
                                     "--max-parallel", "4"})
                                  .options.keyLimits;
    QVERIFY((limits == RateLimits{60, {}, {}, 0, {}, 9, 4}));
    const auto forEver = parse({"keys", "create", "--max-budget", "0"}).options.keyBudget;
    QVERIFY(forEver && forEver->maxBudget == Money() && !forEver->duration);
    QVERIFY(!parse({"keys", "create"}).options.keyBudget);
}

void OptionsTest::readsWhatABudgetIsToBe()
{
    const Options options = parse({"budgets", "set", "--id", "b", "--scope", "user", "--scope-id",
                                   "ada", "--max-budget", "25.000000001", "--soft-budget", "20",
                                   "--duration", "1mo", "--rolling", "--timezone", "Europe/Berlin"})
                                .options;
    Budget expected;
    expected.id = u"b"_s;
    expected.scope = BudgetScope::User;
    expected.scopeId = u"ada"_s;
    expected.maxBudget = Money::fromNanos(25'000'000'001);
    expected.softBudget = Money::fromNanos(20'000'000'000);
    expected.duration = Period{1, PeriodUnit::Month};
    expected.reset = BudgetReset::Rolling;
    expected.timeZone = u"Europe/Berlin"_s;
    QVERIFY(options.budget == expected);
    QCOMPARE(parse({"budgets", "remove", "b"}).options.budgetId, u"b"_s);
    const Options reset = parse({"budgets", "reset", "b", "--reason", "a refund"}).options;
    QCOMPARE(reset.budgetId, u"b"_s);
    QCOMPARE(reset.resetReason, u"a refund"_s);
    QCOMPARE(parse({"budgets", "list", "--json"}).options.output, OutputForm::Json);
}

void OptionsTest::leavesOutWhatABudgetIsNotTold()
{
    Budget expected;
    expected.scope = BudgetScope::Gateway;
    QVERIFY(parse({"budgets", "set", "--scope", "gateway"}).options.budget == expected);
}

void OptionsTest::takesAMemberOfATeamForAScopeOfItsOwn()
{
    for (const QByteArray &scope : {"team"_ba, "team_member"_ba}) {
        const Budget budget = parse({"budgets", "set", "--scope", scope, "--scope-id", "sales",
                                     "--member", "ann"})
                                  .options.budget;
        QCOMPARE(budget.scope, BudgetScope::TeamMember);
        QCOMPARE(budget.scopeId, u"sales"_s);
        QCOMPARE(budget.memberId, u"ann"_s);
        const RateSubject subject = parse({"limits", "remove", "--scope", scope, "--scope-id",
                                           "sales", "--member", "ann"})
                                        .options.limit.subject;
        QVERIFY((subject == RateSubject{RateScope::TeamMember, u"sales"_s, u"ann"_s, {}}));
    }
}

void OptionsTest::readsWhatARateLimitIsToBe()
{
    const Options options = parse(
                                {"limits",  "set",   "--scope",        "key", "--scope-id", "kd8f3",
                                 "--model", "org/m", "--rpm",          "1",   "--rph",      "2",
                                 "--rpd",   "3",     "--tpm",          "4",   "--tph",      "5",
                                 "--tpd",   "6",     "--max-parallel", "0"})
                                .options;
    const RateLimit expected{{RateScope::Key, u"kd8f3"_s, {}, u"org/m"_s}, {1, 2, 3, 4, 5, 6, 0}};
    QVERIFY(options.limit == expected);
    QVERIFY(options.keyLimits == RateLimits());
    QCOMPARE(parse({"limits", "list", "--json"}).options.output, OutputForm::Json);
}

QTEST_GUILESS_MAIN(OptionsTest)
#include "tst_options.moc"

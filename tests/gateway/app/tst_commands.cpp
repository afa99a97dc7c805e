// labels: unit db
#include "gateway/app/commands.h"
#include "gateway/app/state_folder.h"
#include "gateway/app/store_commands.h"
#include "gateway/auth/key_format.h"
#include "gateway/auth/pepper.h"
#include "gateway/store/store.h"
#include "tests/gateway/app/command_run.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <functional>
#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::app;
using delta::app::test::CommandPlace;
using delta::app::test::faultWithoutStore;
using delta::app::test::Function;
using delta::app::test::Ran;
using delta::app::test::run;

class CommandsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void makesAKeyAndShowsItOnce();
    void makesManyKeys();
    void makesWhatWasAskedFor();
    void refusesAWrongWish_data();
    void refusesAWrongWish();
    void listsKeysWithoutTheirSecrets();
    void saysWhetherAKeyWorks_data();
    void saysWhetherAKeyWorks();
    void saysThatThereAreNoKeys();
    void revokesAKeyByItsAliasOrId();
    void saysThatThereWasNothingToRevoke();
    void makesNoStoreOnlyToLookAtIt_data();
    void makesNoStoreOnlyToLookAtIt();
    void verifiesTheLedger();
    void verifiesTheLedgerWithoutThePepper();
    void findsALedgerThatDoesNotAddUp();
    void usesTheDatabaseOfTheConfiguration();
    void refusesToGuessAConfiguration();
    void checksAConfiguration_data();
    void checksAConfiguration();

private:
    /// Makes a key and returns its secret.
    QString makeKey(const QString &alias)
    {
        Options options = m_place->options;
        options.output = OutputForm::Json;
        options.keyAlias = alias;
        return run(createKeys, options).objects().value(0).value("key"_L1).toString();
    }
    QString writeConfig(const QByteArray &yaml)
    {
        QFile file(m_place->folder.filePath(u"config.yaml"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(yaml) != yaml.size()) {
            qFatal("the configuration of the test cannot be written");
        }
        return file.fileName();
    }

    std::unique_ptr<CommandPlace> m_place;
};

void CommandsTest::init()
{
    m_place = std::make_unique<CommandPlace>();
}

void CommandsTest::makesAKeyAndShowsItOnce()
{
    m_place->options.keyAlias = u"ci"_s;
    const Ran ran = run(createKeys, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Ok);
    QCOMPARE(ran.errors, QString());
    const QStringList lines = ran.output.split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].contains(u"(ci)"_s));
    QVERIFY(auth::looksLikeOurs(lines[1].toLatin1())); // Alone on its line, easy to copy.
}

void CommandsTest::makesManyKeys()
{
    m_place->options.output = OutputForm::Json;
    m_place->options.keyAlias = u"ci"_s;
    m_place->options.keyCount = 3;
    const QList<QJsonObject> keys = run(createKeys, m_place->options).objects();
    QCOMPARE(keys.size(), 3);
    for (qsizetype i = 0; i < keys.size(); ++i) {
        QCOMPARE(keys[i].value("key_alias"_L1).toString(), u"ci-%1"_s.arg(i + 1));
        QVERIFY(auth::looksLikeOurs(keys[i].value("key"_L1).toString().toLatin1()));
        QCOMPARE(keys[i].value("key_id"_L1), keys[i].value("id"_L1));
    }
}

void CommandsTest::makesWhatWasAskedFor()
{
    m_place->options.output = OutputForm::Json;
    m_place->options.keyUser = u"ada"_s;
    m_place->options.keyTeam = u"research"_s;
    m_place->options.keyModels = {u"a"_s, u"b"_s};
    m_place->options.keyDuration = u"30d"_s;
    const WallTime before = m_place->clock.wall();
    QCOMPARE(run(createKeys, m_place->options).exit, ExitCode::Ok);
    auto store = m_place->store();
    const VirtualKey key = store.loadKeys().value().at(0).key;
    QCOMPARE(key.userId, u"ada"_s);
    QCOMPARE(key.teamId, u"research"_s);
    QCOMPARE(key.models, (QStringList{u"a"_s, u"b"_s}));
    QVERIFY(key.expiresAt && *key.expiresAt >= before + std::chrono::days(30));
    QVERIFY(*key.expiresAt <= m_place->clock.wall() + std::chrono::days(30));
}

void CommandsTest::refusesAWrongWish_data()
{
    using Change = std::function<void(Options &)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("says");
    const auto add = [](const char *name, const Change &change, const QString &says) {
        QTest::newRow(name) << change << says;
    };
    add("duration", [](Options &options) { options.keyDuration = u"soon"_s; }, u"30d"_s);
    add("alias", [](Options &options) { options.keyAlias = u"a\nb"_s; }, u"key_alias"_s);
    add("model", [](Options &options) { options.keyModels = {u""_s}; }, u"models[0]"_s);
}

void CommandsTest::refusesAWrongWish()
{
    QFETCH(const std::function<void(Options &)>, change);
    QFETCH(const QString, says);
    change(m_place->options);
    const Ran ran = run(createKeys, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Failed);
    QVERIFY2(ran.errors.contains(says), qPrintable(ran.errors));
    QCOMPARE(ran.output, QString());
}

void CommandsTest::listsKeysWithoutTheirSecrets()
{
    const QString secret = makeKey(u"ci"_s);
    Ran ran = run(listKeys, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Ok);
    QVERIFY(ran.output.contains(u"ci"_s) && ran.output.contains(u"all models"_s));
    QVERIFY(!ran.output.contains(secret.sliced(20, 10)));
    m_place->options.output = OutputForm::Json;
    ran = run(listKeys, m_place->options);
    QCOMPARE(ran.objects().size(), 1);
    QCOMPARE(ran.objects()[0].value("key_alias"_L1).toString(), u"ci"_s);
    QVERIFY(!ran.output.contains(secret.sliced(20, 10)));
}

void CommandsTest::saysWhetherAKeyWorks_data()
{
    QTest::addColumn<bool>("isBlocked");
    QTest::addColumn<int>("hours"); // Until it expires; zero: never.
    QTest::addColumn<QString>("state");
    QTest::newRow("for ever") << false << 0 << u"active"_s;
    QTest::newRow("for a while") << false << 1 << u"active"_s;
    QTest::newRow("expired") << false << -1 << u"expired"_s;
    QTest::newRow("blocked") << true << 0 << u"blocked"_s;
    QTest::newRow("blocked and expired") << true << -1 << u"blocked"_s;
}

void CommandsTest::saysWhetherAKeyWorks()
{
    QFETCH(const bool, isBlocked);
    QFETCH(const int, hours);
    QFETCH(const QString, state);
    QVERIFY(StateFolder::open(m_place->options.stateDir));
    {
        auto store = m_place->store();
        ports::StoredKey key{{}, QByteArray(32, 'm')};
        key.key.id = u"key00001"_s;
        key.key.blocked = isBlocked;
        if (hours != 0) {
            key.key.expiresAt = m_place->clock.wall() + std::chrono::hours(hours);
        }
        QVERIFY(store.insertKey(key));
    }
    SystemRandom random;
    QVERIFY(auth::Pepper::open(StateFolder::open(m_place->options.stateDir)->pepperFile(),
                               auth::IfAbsent::Create, random)
                .has_value());
    const Ran ran = run(listKeys, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Ok);
    QVERIFY2(ran.output.contains(u"  %1  "_s.arg(state)), qPrintable(ran.output));
}

void CommandsTest::saysThatThereAreNoKeys()
{
    QVERIFY(!makeKey(u"a"_s).isEmpty());
    m_place->options.keyId = u"a"_s;
    QCOMPARE(run(revokeKey, m_place->options).exit, ExitCode::Ok);
    QVERIFY(run(listKeys, m_place->options).output.contains(u"There are no keys"_s));
    m_place->options.output = OutputForm::Json;
    QCOMPARE(run(listKeys, m_place->options).output, QString()); // For programs, none is no line.
}

void CommandsTest::revokesAKeyByItsAliasOrId()
{
    const QString byAlias = makeKey(u"a"_s);
    const QString byText = makeKey(u"b"_s);
    QVERIFY(!makeKey(u"kept"_s).isEmpty());
    for (const QString &name : {u"a"_s, byText}) {
        m_place->options.keyId = name;
        QCOMPARE(run(revokeKey, m_place->options).exit, ExitCode::Ok);
    }
    m_place->options.output = OutputForm::Json;
    const QList<QJsonObject> left = run(listKeys, m_place->options).objects();
    QCOMPARE(left.size(), 1);
    QCOMPARE(left[0].value("key_alias"_L1).toString(), u"kept"_s);
}

void CommandsTest::saysThatThereWasNothingToRevoke()
{
    QVERIFY(!makeKey(u"a"_s).isEmpty());
    m_place->options.keyId = u"nobody"_s;
    const Ran ran = run(revokeKey, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Failed);
    QVERIFY(ran.errors.contains(u"\"nobody\""_s));
}

void CommandsTest::makesNoStoreOnlyToLookAtIt_data()
{
    QTest::addColumn<int>("command");
    QTest::newRow("list") << 0;
    QTest::newRow("revoke") << 1;
    QTest::newRow("verify") << 2;
}

void CommandsTest::makesNoStoreOnlyToLookAtIt()
{
    QFETCH(const int, command);
    const Function functions[] = {listKeys, revokeKey, verifyLedger};
    QCOMPARE(faultWithoutStore(functions[command], *m_place), QString());
}

void CommandsTest::verifiesTheLedger()
{
    QVERIFY(!makeKey(u"a"_s).isEmpty());
    auto store = m_place->store();
    QVERIFY(store.journalPosition());
    QVERIFY(store.apply({{8, delta::test::sampleEntry("r")}}, {16, 16}));
    const Ran ran = run(verifyLedger, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Ok);
    QVERIFY(!ran.output.isEmpty());
}

void CommandsTest::verifiesTheLedgerWithoutThePepper()
{
    QVERIFY(!makeKey(u"a"_s).isEmpty());
    QVERIFY(QFile::remove(m_place->options.stateDir + u"/pepper"_s));
    QCOMPARE(run(verifyLedger, m_place->options).exit, ExitCode::Ok);
    QCOMPARE(run(listKeys, m_place->options).exit, ExitCode::Failed);
    QVERIFY(!QFile::exists(m_place->options.stateDir + u"/pepper"_s));
}

void CommandsTest::findsALedgerThatDoesNotAddUp()
{
    QVERIFY(!makeKey(u"a"_s).isEmpty());
    {
        auto store = m_place->store();
        QVERIFY(store.journalPosition());
        // The position says less than what is posted.
        QVERIFY(store.apply({{800, delta::test::sampleEntry("r")}}, {16, 16}));
    }
    QCOMPARE(run(verifyLedger, m_place->options).exit, ExitCode::LedgerBroken);
}

void CommandsTest::usesTheDatabaseOfTheConfiguration()
{
    const QString database = m_place->folder.filePath(u"elsewhere.db"_s);
    m_place->options.configFile = writeConfig("general_settings:\n  database_url: sqlite://"
                                              + database.toUtf8() + "\n");
    QVERIFY(!makeKey(u"a"_s).isEmpty());
    QVERIFY(QFileInfo::exists(database));
    QVERIFY(!QFileInfo::exists(StateFolder::databaseFileIn(m_place->options.stateDir)));
}

void CommandsTest::refusesToGuessAConfiguration()
{
    m_place->options.configFile = writeConfig("nonsense: [\n");
    const Ran ran = run(createKeys, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Failed);
    QVERIFY(ran.errors.contains(m_place->options.configFile));
    QVERIFY(!QFileInfo::exists(m_place->options.stateDir));
}

void CommandsTest::checksAConfiguration_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("says");
    const QByteArray model = "model_list:\n  - model_name: m\n    litellm_params:\n      model: ";
    QTest::newRow("good") << model + "echo/demo\n"
                          << static_cast<int>(ExitCode::Ok) << u"1 deployment"_s;
    QTest::newRow("malformed") << "model_list: [\n"_ba << static_cast<int>(ExitCode::BadConfig)
                               << u"config.yaml"_s;
    QTest::newRow("unknown provider")
        << model + "nobody/x\n"
        << static_cast<int>(ExitCode::BadConfig) << u"config.yaml:4:14: model_list[0]"_s;
    const QByteArray settings = model + "echo/demo\ngeneral_settings:\n  ";
    QTest::newRow("certificate that is not there")
        << settings + "server: {tls_certificate_file: /no.crt, tls_key_file: /no.key}\n"
        << static_cast<int>(ExitCode::BadConfig) << u"/no.crt"_s;
    QTest::newRow("authorities that are not there")
        << settings + "upstream_http_ca_file: /no.pem\n"
        << static_cast<int>(ExitCode::BadConfig) << u"upstream_http_ca_file: "_s;
    QTest::newRow("provider without a credential")
        << model + "openai/gpt-4o\n"
        << static_cast<int>(ExitCode::Ok) << u"model_list[0]: lacks an api_key"_s;
    QTest::newRow("model without a price")
        << model + "openai/of-the-house\n"
        << static_cast<int>(ExitCode::Ok) << u"model_list[0]: lacks a price"_s;
}

void CommandsTest::checksAConfiguration()
{
    QFETCH(const QByteArray, yaml);
    QFETCH(const int, exit);
    QFETCH(const QString, says);
    QCOMPARE(run(checkConfig, m_place->options).exit, ExitCode::Usage); // There is none to check.
    m_place->options.configFile = writeConfig(yaml);
    const Ran ran = run(checkConfig, m_place->options);
    QCOMPARE(static_cast<int>(ran.exit), exit);
    QVERIFY2((ran.output + ran.errors).contains(says), qPrintable(ran.output + ran.errors));
}

QTEST_GUILESS_MAIN(CommandsTest)
#include "tst_commands.moc"

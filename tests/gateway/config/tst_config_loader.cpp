// labels: unit hostile
#include "gateway/config/config_loader.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace delta::config {

/// What the golden files cannot show: secrets, files, and the file system. See tests/golden/config
/// for what each key does and what each mistake says.
class ConfigLoaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void loadsAFile();
    void refusesAFileThatIsMissing();
    void refusesAFolder();
    void warnsOfSecretsThatEverybodyCanRead_data();
    void warnsOfSecretsThatEverybodyCanRead();
    void takesSecretsAsTheyAre_data();
    void takesSecretsAsTheyAre();
    void keepsPricesExact();
    void reportsProblemsInTheOrderOfTheFile();
    void loadsTenThousandDeployments();
    void reportsEveryOneOfManyUnknownKeys();
    void findsTheDatabase_data();
    void findsTheDatabase();

private:
    [[nodiscard]] std::expected<LoadResult, Problems> parsed(const QByteArray &text) const
    {
        return parse(text, u"f"_s, {m_environment, m_prices});
    }

    QProcessEnvironment m_environment;
    PriceBook m_prices = PriceBook::builtIn();
    QTemporaryDir m_folder;
};

void ConfigLoaderTest::loadsAFile()
{
    const QString path = m_folder.filePath(u"good.yaml"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("general_settings: {instance_name: Filed}\n");
    file.close();
    const auto loaded = load(path, {m_environment, m_prices});
    QVERIFY(loaded);
    QCOMPARE(loaded->config.instanceName, u"Filed"_s);
    QVERIFY(loaded->warnings.empty());
}

void ConfigLoaderTest::refusesAFileThatIsMissing()
{
    const QString path = m_folder.filePath(u"absent.yaml"_s);
    const auto loaded = load(path, {m_environment, m_prices});
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().size(), 1U);
    QVERIFY(loaded.error().front().toString().startsWith(path + u": cannot be opened"_s));
}

void ConfigLoaderTest::refusesAFolder()
{
    const auto loaded = load(m_folder.path(), {m_environment, m_prices});
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().size(), 1U);
}

void ConfigLoaderTest::warnsOfSecretsThatEverybodyCanRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isReadable");
    QTest::addColumn<bool>("warns");
    const QByteArray secret =
        "model_list: [{model_name: a, litellm_params: {model: openai/a, api_key: sk-1,"
        " allow_unpriced: true}}]";
    const QByteArray reference = "environment_variables: {A: os.environ/HOME}";
    QTest::newRow("secret, open") << secret << true << true;
    QTest::newRow("secret, closed") << secret << false << false;
    QTest::newRow("variable, open") << QByteArray("environment_variables: {A: b}") << true << true;
    QTest::newRow("reference, open") << reference << true << false;
}

void ConfigLoaderTest::warnsOfSecretsThatEverybodyCanRead()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isReadable);
    QFETCH(bool, warns);
    QFile file(m_folder.filePath(u"modes.yaml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(text);
    file.close();
    const auto others = isReadable ? QFile::ReadOther : QFile::Permissions();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | others));
    QProcessEnvironment environment;
    environment.insert(u"HOME"_s, u"/root"_s);
    const auto loaded = load(file.fileName(), {environment, m_prices});
    QVERIFY(loaded);
    QCOMPARE(!loaded->warnings.empty(), warns);
}

void ConfigLoaderTest::takesSecretsAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("secret");
    QTest::newRow("plain") << QByteArray("sk-abc") << QByteArray("sk-abc");
    QTest::newRow("digits") << QByteArray("0123") << QByteArray("0123");
    QTest::newRow("looks like a number") << QByteArray("1e5") << QByteArray("1e5");
    QTest::newRow("looks like a flag") << QByteArray("no") << QByteArray("no");
    QTest::newRow("quoted") << QByteArray("'*sk: #1'") << QByteArray("*sk: #1");
    QTest::newRow("umlaut") << QByteArray("schl\xc3\xbcssel") << QByteArray("schl\xc3\xbcssel");
    QTest::newRow("line feed at the end") << QByteArray("\"sk-abc\\n\"") << QByteArray("sk-abc");
    QTest::newRow("from a variable")
        << QByteArray("os.environ/KEY") << QByteArray("sk-from-variable");
    QTest::newRow("empty") << QByteArray("''") << QByteArray();
}

void ConfigLoaderTest::takesSecretsAsTheyAre()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QByteArray, secret);
    m_environment.insert(u"KEY"_s, u"sk-from-variable"_s);
    const auto loaded = parsed(
        "general_settings: {master_key: " + yaml
        + "}\nmodel_list:\n- model_name: a\n  litellm_params:\n    model: openai/a\n"
          "    api_key: "
        + yaml + '\n');
    QVERIFY(loaded);
    QCOMPARE(loaded->config.masterKey.reveal(), secret);
    QCOMPARE(loaded->config.endpoints.front().apiKey.reveal(), secret);
}

void ConfigLoaderTest::keepsPricesExact()
{
    // As a double, 0.000000123457 is not a whole number of pico-USD.
    const auto loaded = parsed(
        "model_list: [{model_name: a, litellm_params: {model: openai/a,"
        " input_cost_per_token: 0.000000123457, output_cost_per_token: 1.1e-7}}]");
    QVERIFY(loaded);
    const UnitPrices &prices = loaded->config.endpoints.front().deployment.pricing.base;
    QCOMPARE(prices.input, PicoUsd(123'457));
    QCOMPARE(prices.output, PicoUsd(110'000));
}

void ConfigLoaderTest::reportsProblemsInTheOrderOfTheFile()
{
    // Sections are read in the order of the tables, and duplicates are found before all else.
    const auto loaded = parsed(
        "model_list: 1\nrouter_settings: 2\nunknown: 3\ngeneral_settings: 4\n"
        "litellm_settings: 5\nmodel_list: 6\n");
    QVERIFY(!loaded);
    QList<int> lines;
    for (const Problem &problem : loaded.error()) {
        lines += problem.place.line;
    }
    QCOMPARE(lines, (QList{1, 2, 3, 4, 5, 6}));
}

void ConfigLoaderTest::loadsTenThousandDeployments()
{
    QByteArray text = "model_list:\n";
    constexpr int count = 10'000;
    for (int i = 0; i < count; ++i) {
        text += "- {model_name: m" + QByteArray::number(i % 100)
            + ", litellm_params: {model: openai/x, api_key: sk-1, weight: 2}}\n";
    }
    const auto loaded = parsed(text);
    QVERIFY(loaded);
    QCOMPARE(loaded->config.endpoints.size(), std::size_t(count));
    QCOMPARE(loaded->config.endpoints.back().deployment.id, u"m99-99"_s);
}

void ConfigLoaderTest::reportsEveryOneOfManyUnknownKeys()
{
    QByteArray text = "general_settings:\n";
    constexpr int count = 20'000;
    for (int i = 0; i < count; ++i) {
        text += "  unheard_of_" + QByteArray::number(i) + ": 1\n";
    }
    const auto loaded = parsed(text);
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().size(), std::size_t(count));
}

void ConfigLoaderTest::findsTheDatabase_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("url"); // Null: the file is refused.
    QTest::newRow("named") << "general_settings: {database_url: 'sqlite:///data/d.db'}"_ba
                           << u"sqlite:///data/d.db"_s;
    QTest::newRow("not named") << "general_settings: {log_level: INFO}"_ba << u""_s;
    QTest::newRow("secrets that only the gateway has")
        << "general_settings: {master_key: os.environ/ABSENT, database_url: 'sqlite:///d.db'}\n"
           "model_list:\n"
           "  - model_name: m\n"
           "    deltallm_params: {model: openai/m, api_key: os.environ/ABSENT}\n"_ba
        << u"sqlite:///d.db"_s;
    QTest::newRow("mistakes elsewhere") << "unknown: 1\nmodel_list: text\n"_ba << u""_s;
    QTest::newRow("a server") << "general_settings: {database_url: 'postgres://host/d'}"_ba
                              << u"postgres://host/d"_s;
    QTest::newRow("a database that is not supported")
        << "general_settings: {database_url: 'mysql://host/d'}"_ba << QString();
    QTest::newRow("a variable that is not set")
        << "general_settings: {database_url: os.environ/ABSENT}"_ba << QString();
    QTest::newRow("no YAML") << "general_settings: {"_ba << QString();
}

void ConfigLoaderTest::findsTheDatabase()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, url);
    const QString path = m_folder.filePath(u"database.yaml"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    const auto found = loadDatabaseUrl(path, {m_environment, m_prices});
    QCOMPARE(found.has_value(), !url.isNull());
    if (found) {
        QCOMPARE(*found, url);
    }
}

} // namespace delta::config

QTEST_GUILESS_MAIN(delta::config::ConfigLoaderTest)
#include "tst_config_loader.moc"

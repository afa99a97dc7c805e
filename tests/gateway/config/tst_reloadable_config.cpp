// labels: unit fault
#include "gateway/config/reloadable_config.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;

namespace delta::config {

class ReloadableConfigTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void holdsNothingBeforeTheFirstLoad();
    void takesANewConfigurationWhole();
    void keepsTheLastGoodOneWhenTheFileIsBad_data();
    void keepsTheLastGoodOneWhenTheFileIsBad();
    void keepsTheLastGoodOneWhenAnEndpointCannotBePrepared();
    void keepsTheLastGoodOneWhenTheFileIsGone();
    void takesAnEmptyModelListWhereThereWasNone();
    void recoversOnceTheFileIsGoodAgain();
    void passesOnWarnings();

private:
    void write(const QByteArray &text)
    {
        QFile file(m_folder.filePath(u"c.yaml"_s));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text);
    }
    static QByteArray named(const QByteArray &name)
    {
        return "general_settings: {instance_name: " + name
            + "}\nmodel_list: [{model_name: a, litellm_params: {model: openai/a}}]\n";
    }

    QTemporaryDir m_folder;
    PriceBook m_prices = PriceBook::builtIn();
    bool m_isRefusing = false; ///< What the provider table says of every endpoint.
    std::unique_ptr<ReloadableConfig> m_config;
};

void ReloadableConfigTest::init()
{
    m_isRefusing = false;
    const auto prepare = [this](ports::Endpoint &) -> Result<QString> {
        if (m_isRefusing) {
            return failure(ApiError::invalidRequest(u"names no known provider."_s));
        }
        return QString();
    };
    const auto complete = [](Config &config) {
        config.databaseUrl = u"completed"_s;
        if (config.endpoints.empty()) {
            config.endpoints.emplace_back();
        }
    };
    m_config = std::make_unique<ReloadableConfig>(
        m_folder.filePath(u"c.yaml"_s), Surroundings{QProcessEnvironment(), m_prices, prepare},
        complete);
}

void ReloadableConfigTest::holdsNothingBeforeTheFirstLoad()
{
    QVERIFY(!m_config->current());
}

void ReloadableConfigTest::takesANewConfigurationWhole()
{
    write(named("one"));
    const auto first = m_config->reload();
    QVERIFY(first);
    QCOMPARE(first->config->databaseUrl, u"completed"_s);
    write(named("two"));
    const auto second = m_config->reload();
    QVERIFY(second);
    // Whoever still uses the first one sees no change.
    QCOMPARE(first->config->instanceName, u"one"_s);
    QCOMPARE(m_config->current()->instanceName, u"two"_s);
    QCOMPARE(m_config->current(), second->config);
}

void ReloadableConfigTest::keepsTheLastGoodOneWhenTheFileIsBad_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no YAML") << QByteArray("general_settings: {");
    QTest::newRow("wrong value") << QByteArray("general_settings: {allow_unpriced: perhaps}");
    QTest::newRow("unknown key") << QByteArray("general_setings: {}");
    QTest::newRow("emptied") << QByteArray();
    QTest::newRow("no models") << QByteArray("model_list: []");
    QTest::newRow("binary") << QByteArray("\0\1\2", 3);
}

void ReloadableConfigTest::keepsTheLastGoodOneWhenTheFileIsBad()
{
    QFETCH(QByteArray, text);
    write(named("good"));
    QVERIFY(m_config->reload());
    const auto good = m_config->current();
    write(text);
    const auto reloaded = m_config->reload();
    QVERIFY(!reloaded);
    QVERIFY(!reloaded.error().empty());
    QCOMPARE(m_config->current(), good);
}

void ReloadableConfigTest::keepsTheLastGoodOneWhenAnEndpointCannotBePrepared()
{
    write(named("good"));
    QVERIFY(m_config->reload());
    write(named("unknown provider"));
    m_isRefusing = true;
    const auto reloaded = m_config->reload();
    QVERIFY(!reloaded);
    QCOMPARE(reloaded.error().front().message, u"names no known provider"_s);
    QCOMPARE(m_config->current()->instanceName, u"good"_s);
}

void ReloadableConfigTest::keepsTheLastGoodOneWhenTheFileIsGone()
{
    write(named("good"));
    QVERIFY(m_config->reload());
    QVERIFY(QFile::remove(m_folder.filePath(u"c.yaml"_s)));
    QVERIFY(!m_config->reload());
    QCOMPARE(m_config->current()->instanceName, u"good"_s);
}

void ReloadableConfigTest::takesAnEmptyModelListWhereThereWasNone()
{
    write("general_settings: {}\n");
    QVERIFY(m_config->reload());
    QVERIFY(m_config->reload());
    // The one that completing adds.
    QCOMPARE(m_config->current()->endpoints.size(), 1U);
}

void ReloadableConfigTest::recoversOnceTheFileIsGoodAgain()
{
    write(named("good"));
    QVERIFY(m_config->reload());
    write("half: [");
    QVERIFY(!m_config->reload());
    write(named("better"));
    QVERIFY(m_config->reload());
    QCOMPARE(m_config->current()->instanceName, u"better"_s);
}

void ReloadableConfigTest::passesOnWarnings()
{
    write("router_settings: {num_retries: 3}\n");
    const auto loaded = m_config->reload();
    QVERIFY(loaded);
    QCOMPARE(loaded->warnings.size(), 1U);
}

} // namespace delta::config

QTEST_GUILESS_MAIN(delta::config::ReloadableConfigTest)
#include "tst_reloadable_config.moc"

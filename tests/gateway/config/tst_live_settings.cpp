// labels: unit
#include "gateway/config/live_settings.h"
#include "gateway/config/overlay.h"
#include "gateway/config/reloadable_config.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::config;

/// Settings that the database puts over those of the file.
class LiveSettingsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        write("general_settings:\n  log_level: ERROR\n  master_key: os.environ/DELTA_KEY\n"
              "router_settings:\n  timeout: 30\n");
    }

    void winsOverTheFileAndAddsWhatItLacks()
    {
        const auto loaded = load(file(),
                                 with({{u"router_settings.timeout"_s, 7.5},
                                       {u"general_settings.clamp_max_tokens"_s, false}}));
        QVERIFY(loaded.has_value());
        QVERIFY(!loaded->config.clampsMaxTokens);
        QCOMPARE(loaded->config.timeouts.total, std::chrono::milliseconds(7'500));
        QCOMPARE(loaded->config.log.level, telemetry::LogLevel::Error);
    }

    void needsNoFile()
    {
        const auto loaded = load({}, with({{u"general_settings.log_level"_s, u"DEBUG"_s}}));
        QVERIFY(loaded.has_value());
        QCOMPARE(loaded->config.log.level, telemetry::LogLevel::Debug);
    }

    void tellsWhereEachValueComesFrom()
    {
        const auto read = readSettings(file(), with({{u"router_settings.timeout"_s, 5}}));
        QVERIFY(read.has_value());
        const auto of = [&read](const QString &name) {
            return *std::ranges::find(*read, name, &Setting::name);
        };
        QCOMPARE(of(u"router_settings.timeout"_s).source, SettingSource::Database);
        QCOMPARE(of(u"router_settings.timeout"_s).value, u"5"_s);
        QCOMPARE(of(u"general_settings.log_level"_s).source, SettingSource::File);
        QCOMPARE(of(u"general_settings.log_level"_s).value, u"ERROR"_s);
        QCOMPARE(of(u"general_settings.master_key"_s).source, SettingSource::Environment);
        QCOMPARE(of(u"general_settings.clamp_max_tokens"_s).source, SettingSource::Default);
    }

    void showsNoSecret()
    {
        write("general_settings:\n  master_key: sk-secret-0123456789abcdef0123456789abcdef\n"
              "  database_url: postgresql://ann:hunter2@db/x\n"
              "environment_variables:\n  TOKEN: hunter3\n");
        const auto read = readSettings(file(), with({}));
        QVERIFY(read.has_value());
        for (const Setting &setting : *read) {
            QVERIFY2(!setting.value.contains("hunter"_L1) && !setting.value.contains("sk-"_L1),
                     qPrintable(setting.name));
        }
    }

    void saysWhatIsWrongWithAValue_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("a word") << u"router_settings.timeout"_s << QJsonValue(u"soon"_s);
        QTest::newRow("negative") << u"router_settings.timeout"_s << QJsonValue(-1);
        QTest::newRow("a level") << u"general_settings.log_level"_s << QJsonValue(u"LOUD"_s);
        QTest::newRow("a flag") << u"general_settings.allow_unpriced"_s << QJsonValue(u"maybe"_s);
    }
    void saysWhatIsWrongWithAValue()
    {
        QFETCH(const QString, name);
        QFETCH(const QJsonValue, value);
        const auto read = readSettings(file(), with({{name, value}}));
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().front().key, name);
    }

    void isOfKeysThatExist()
    {
        const auto read = readSettings({}, with({}));
        QVERIFY(read.has_value());
        for (const QString &name : liveSettings()) {
            QVERIFY2(std::ranges::contains(*read, name, &Setting::name), qPrintable(name));
        }
    }

    void leavesTheTreeOfTheFileAsItIs()
    {
        auto root = std::make_shared<YamlNode>();
        root->kind = YamlNode::Kind::Map;
        const auto changed = overlaid(root, {{u"a.b"_s, u"text"_s}, {u"a.c"_s, QJsonValue()}});
        QVERIFY(root->entries.empty());
        QCOMPARE(changed->find(u"a")->find(u"b")->text, u"text"_s);
        QVERIFY(!changed->find(u"a")->find(u"c"));
    }

private:
    [[nodiscard]] QString file() const
    {
        return m_folder.filePath(u"config.yaml"_s);
    }
    void write(const QByteArray &text)
    {
        QFile target(file());
        QVERIFY(target.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(target.write(text), text.size());
    }
    [[nodiscard]] Surroundings with(const QJsonObject &overlay) const
    {
        QProcessEnvironment environment;
        environment.insert(u"DELTA_KEY"_s, u"sk-0123456789abcdef0123456789abcdef"_s);
        return {.environment = environment, .prices = m_prices, .overlay = overlay};
    }

    QTemporaryDir m_folder;
    PriceBook m_prices = PriceBook::builtIn();
};

QTEST_GUILESS_MAIN(LiveSettingsTest)
#include "tst_live_settings.moc"

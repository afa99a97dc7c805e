// labels: golden
// links: gateway/providers
#include "gateway/config/config_loader.h"
#include "tests/gateway/config/config_summary.h"
#include "tests/gateway/config/with_providers.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// What every credential in tests/golden/config contains, and no output may.
constexpr auto secretMark = "hunter2"_L1;

QProcessEnvironment goldenEnvironment()
{
    QProcessEnvironment environment;
    environment.insert(u"OPENAI_API_KEY"_s, u"sk-hunter2-openai"_s);
    environment.insert(u"ANTHROPIC_API_KEY"_s, u"sk-hunter2-anthropic"_s);
    environment.insert(u"DELTALLM_MASTER_KEY"_s, u"sk-hunter2-0123456789abcdef0123456789"_s);
    environment.insert(u"API_BASE"_s, u"https://llm.example.com/v1"_s);
    environment.insert(u"TIMEOUT"_s, u"45"_s);
    environment.insert(u"EMPTY"_s, QString());
    environment.insert(u"NOT_A_NUMBER"_s, u"hunter2"_s);
    environment.insert(u"REDIS_URL"_s, u"redis://:hunter2@redis.example.com/1"_s);
    environment.insert(u"REDIS_HOST"_s, u"redis.example.com"_s);
    environment.insert(u"REDIS_PASSWORD"_s, u"hunter2"_s);
    environment.insert(u"DATABASE_URL"_s, u"postgresql://user:hunter2@db/litellm"_s);
    environment.insert(u"WEBHOOK_URL"_s, u"https://alerts.example.com/hunter2"_s);
    environment.insert(u"SMTP_HOST"_s, u"mail.example.com"_s);
    environment.insert(u"SMTP_PORT"_s, u"2525"_s);
    environment.insert(u"SMTP_USERNAME"_s, u"gateway"_s);
    environment.insert(u"SMTP_PASSWORD"_s, u"hunter2"_s);
    environment.insert(u"SMTP_SENDER_EMAIL"_s, u"gateway@example.com"_s);
    return environment;
}

/// Three rows, so that a change of a published price changes no expectation.
const char *const goldenPrices = R"({"about": [], "rows": [
    {"providers": ["openai"], "models": ["gpt-4o"], "input": "2.50", "output": "10.00",
     "cache_read": "1.25", "source": "example.com/prices", "date": "2026-01-01"},
    {"providers": ["anthropic"], "models": ["claude"], "input": "3.00", "output": "15.00",
     "source": "example.com/prices", "date": "2026-01-01"},
    {"providers": ["openai"], "models": ["embed"], "input": "0.02",
     "source": "example.com/prices", "date": "2026-01-01"}]})";

QString linesOf(const Problems &problems)
{
    QString text;
    for (const Problem &problem : problems) {
        text += problem.toString() + u'\n';
    }
    return text;
}

} // namespace

/// Loads each tests/golden/config/*.yaml and compares what comes of it with the .expected file
/// beside it: the problems, or the settings that differ from the defaults and the warnings.
/// DELTA_UPDATE_GOLDEN=1 in the environment rewrites the expectations.
class ConfigGoldenTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void loadsAsExpected_data();
    void loadsAsExpected();
};

void ConfigGoldenTest::loadsAsExpected_data()
{
    QTest::addColumn<QString>("path");
    const QDir folder(QStringLiteral(DELTA_SOURCE_DIR "/tests/golden/config"));
    const QFileInfoList files = folder.entryInfoList({u"*.yaml"_s});
    QVERIFY(files.size() >= 30);
    for (const QFileInfo &file : files) {
        QTest::newRow(qPrintable(file.completeBaseName())) << file.filePath();
    }
}

void ConfigGoldenTest::loadsAsExpected()
{
    QFETCH(QString, path);
    QFile input(path);
    QVERIFY(input.open(QIODevice::ReadOnly));
    const auto prices = PriceBook::fromJson(goldenPrices);
    QVERIFY(prices);
    const auto loaded = parse(input.readAll(), QFileInfo(path).fileName(),
                              withProviders(goldenEnvironment(), *prices));
    const QString actual = loaded ? u"LOADED\n"_s + summaryOf(loaded->config) + u"\n\nWARNINGS\n"_s
            + linesOf(loaded->warnings)
                                  : u"REFUSED\n"_s + linesOf(loaded.error());
    QVERIFY2(!actual.contains(secretMark), "A secret is shown.");

    QFile expected(path.chopped(4) + u"expected"_s);
    if (qEnvironmentVariableIntValue("DELTA_UPDATE_GOLDEN") == 1) {
        QVERIFY(expected.open(QIODevice::WriteOnly));
        expected.write(actual.toUtf8());
        return;
    }
    QVERIFY2(expected.open(QIODevice::ReadOnly),
             qPrintable(expected.fileName() + u" is missing"_s));
    QCOMPARE(actual, QString::fromUtf8(expected.readAll()));
}

} // namespace delta::config

QTEST_GUILESS_MAIN(delta::config::ConfigGoldenTest)
#include "tst_config_golden.moc"

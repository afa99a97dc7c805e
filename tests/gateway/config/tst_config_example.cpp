// labels: unit contract
// links: gateway/providers
#include "gateway/config/config_loader.h"
#include "gateway/config/known_keys.h"
#include "gateway/config/yaml_reader.h"
#include "tests/gateway/config/config_summary.h"
#include "tests/gateway/config/with_providers.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// Where the generated list of keys without effect begins.
constexpr auto idleHeading = "keys without effect ----\n"_L1;

/// Returns the text with every "#: " setting in force.
QString uncommented(QString text)
{
    static const QRegularExpression marker(u"^( *)#: "_s, QRegularExpression::MultilineOption);
    return text.replace(marker, u"\\1"_s);
}

/// Collects the paths of all keys below a node, with "[]" for the items of a list.
void collectPaths(const YamlNode &node, const QString &path, QSet<QString> &paths)
{
    for (const YamlNode::Entry &entry : node.entries) {
        const QString below = path.isEmpty() ? entry.key : path + u'.' + entry.key;
        paths.insert(below);
        collectPaths(*entry.value, below, paths);
    }
    for (const YamlNode::Pointer &item : node.items) {
        collectPaths(*item, path + u"[]"_s, paths);
    }
}

/// Writes words as remark lines of at most 100 characters.
QString wrapped(const QStringList &words)
{
    constexpr qsizetype width = 100;
    const QString indent = u"#    "_s;
    QString text;
    QString line = indent;
    for (const QString &word : words) {
        if (line.size() + 1 + word.size() > width) {
            text += line + u'\n';
            line = indent;
        }
        line += u' ' + word;
    }
    return text + line + u'\n';
}

/// Writes the list of keys that are accepted and do nothing, by section and reason.
QString idleList()
{
    QString text = u"# These are accepted, so that files of LiteLLM and of earlier versions load, "
                   u"and reported at the\n"
                   "# start. A name that ends in * stands for all that begin so.\n"_s;
    QString section;
    QString reason;
    QStringList names;
    const auto flush = [&] {
        if (!names.isEmpty()) {
            text += u"#   "_s + reason + u":\n"_s + wrapped(names);
            names.clear();
        }
    };
    for (const KnownKey &key : knownKeys()) {
        if (key.effect == Effect::Effective) {
            continue;
        }
        const QString keySection = key.path.contains(u'.') ? key.path.section(u'.', 0, -2)
                                                           : u"top level"_s;
        if (keySection != section || key.meaning != reason) {
            flush();
        }
        if (keySection != section) {
            text += u"#\n# "_s + keySection + u'\n';
        }
        section = keySection;
        reason = key.meaning;
        names += key.path.section(u'.', -1);
    }
    flush();
    return text;
}

/// Returns what has no value by default, so that the file shows an example.
QStringList examples()
{
    return {u"listen"_s,
            u"master key"_s,
            u"kek file"_s,
            u"database"_s,
            u"tls certificate"_s,
            u"tls key"_s,
            u"cors"_s,
            u"upstream ca file"_s,
            u"upstream proxy"_s,
            u"ledger directory"_s,
            u"aliases"_s,
            u"alert webhook"_s,
            u"alert webhook secret"_s,
            u"alert slack"_s,
            u"alert mail host"_s,
            u"alert mail user"_s,
            u"alert mail password"_s,
            u"alert mail from"_s,
            u"alert mail to"_s,
            u"alert ca file"_s,
            u"public url"_s,
            u"mail server"_s,
            u"mail user"_s,
            u"mail password"_s,
            u"mail from"_s,
            u"mail ca file"_s,
            u"max parallel requests"_s,
            u"calls kept for"_s,
            u"redis"_s,
            u"redis transport"_s,
            u"redis user"_s,
            u"redis password"_s,
            u"redis ca file"_s,
            u"forget gateways after"_s,
            u"jwt keys url"_s,
            u"jwt ca file"_s,
            u"jwt audiences"_s,
            u"jwt required scopes"_s,
            u"jwt allowed roles"_s,
            u"jwt organization claim"_s,
            u"jwt models claim"_s,
            u"custom auth key"_s,
            u"custom auth ca file"_s,
            u"budget"_s};
}

} // namespace

class ConfigExampleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void loadsAsItIs();
    void loadsWithEverySettingInForce();
    void documentsEveryKey_data();
    void documentsEveryKey();
    void explainsEverySetting();
    void showsTheTrueDefaults();
    void listsEveryKeyWithoutEffect();
    void keepsToAHundredColumns();

private:
    QString m_path = QStringLiteral(DELTA_SOURCE_DIR "/config.example.yaml");
    QString m_text;
    QProcessEnvironment m_environment;
    PriceBook m_prices = PriceBook::builtIn();
    QSet<QString> m_paths; ///< Of all keys, the commented ones included.
};

void ConfigExampleTest::initTestCase()
{
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_text = QString::fromUtf8(file.readAll());
    m_environment.insert(u"OPENAI_API_KEY"_s, u"sk-example"_s);
    m_environment.insert(u"REDIS_PASSWORD"_s, u"example"_s);
    m_environment.insert(u"DELTALLM_MASTER_KEY"_s,
                         u"sk-example-0123456789-0123456789-0123456789"_s);
    m_environment.insert(u"ALERT_SECRET"_s, u"example"_s);
    m_environment.insert(u"SSO_CLIENT_SECRET"_s, u"example"_s);
    m_environment.insert(u"CUSTOM_AUTH_KEY"_s, u"example"_s);
    m_environment.insert(u"SCIM_TOKEN"_s, u"example-0123456789-0123456789-0123456789"_s);
    m_environment.insert(u"SLACK_WEBHOOK_URL"_s, u"https://hooks.example.com/services/x"_s);
    m_environment.insert(u"SMTP_PASSWORD"_s, u"example"_s);
    const YamlDocument document = readYaml(uncommented(m_text).toUtf8(), u"example"_s);
    QVERIFY(document.root);
    collectPaths(*document.root, {}, m_paths);
}

void ConfigExampleTest::loadsAsItIs()
{
    const auto loaded = load(m_path, withProviders(m_environment, m_prices));
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().front().toString()));
    QVERIFY(loaded->warnings.empty());
    QCOMPARE(settingLines(loaded->config), settingLines(Config()));
    QCOMPARE(loaded->config.endpoints.size(), 2U);
}

void ConfigExampleTest::loadsWithEverySettingInForce()
{
    const auto loaded = parse(uncommented(m_text).toUtf8(), u"example"_s,
                              withProviders(m_environment, m_prices));
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().front().toString()));
    QVERIFY2(loaded->warnings.empty(),
             loaded->warnings.empty() ? "" : qPrintable(loaded->warnings.front().toString()));
    QCOMPARE(loaded->config.endpoints.size(), 4U);
}

void ConfigExampleTest::documentsEveryKey_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("alias");
    for (const KnownKey &key : knownKeys()) {
        if (key.effect == Effect::Effective) {
            QTest::newRow(qPrintable(key.path)) << key.path << key.alias;
        }
    }
}

void ConfigExampleTest::documentsEveryKey()
{
    QFETCH(QString, path);
    QFETCH(QString, alias);
    const QString section = path.section(u'.', 0, -2);
    const QString name = path.section(u'.', -1);
    if (name.startsWith(u'*')) {
        QVERIFY(m_text.contains(name.sliced(1)));
        return;
    }
    // What may stand in the params and in model_info is explained once; older names are remarks.
    const bool isShared = section == "model_list[].model_info"_L1 && name.contains("cost"_L1);
    const bool isRemark = m_text.contains(u"older name is "_s + name);
    QVERIFY2(m_paths.contains(path) || isShared || isRemark,
             qPrintable(path + u" is not documented"_s));
    QVERIFY2(m_text.contains(alias), qPrintable(alias + u" is not mentioned"_s));
}

void ConfigExampleTest::explainsEverySetting()
{
    // A setting has its remark on its line, or in the block of lines that it stands in.
    bool isExplained = false;
    for (const QString &line : m_text.split(u'\n')) {
        const QString text = line.trimmed();
        if (text.isEmpty()) {
            isExplained = false;
        } else if (text.indexOf(u'#', 1) > 0
                   || (text.startsWith(u'#') && !text.startsWith("#:"_L1))) {
            isExplained = true;
        }
        QVERIFY2(isExplained || !text.startsWith("#:"_L1), qPrintable(line));
    }
}

void ConfigExampleTest::showsTheTrueDefaults()
{
    const auto loaded = parse(uncommented(m_text).toUtf8(), u"example"_s,
                              withProviders(m_environment, m_prices));
    QVERIFY(loaded);
    const QStringList shown = settingLines(loaded->config);
    Config usual;
    usual.jwt.rules.issuer = loaded->config.jwt.rules.issuer; // Or nothing would be said of tokens.
    usual.authHook.url = loaded->config.authHook.url;         // Likewise.
    const QStringList defaults = settingLines(usual);
    for (const QString &line : shown) {
        if (!examples().contains(line.section(u" = "_s, 0, 0))) {
            QVERIFY2(defaults.contains(line), qPrintable(line));
        }
    }
}

void ConfigExampleTest::listsEveryKeyWithoutEffect()
{
    const qsizetype heading = m_text.indexOf(idleHeading);
    QVERIFY(heading > 0);
    const QString head = m_text.first(heading + idleHeading.size());
    const QString expected = head + idleList();
    if (qEnvironmentVariableIntValue("DELTA_UPDATE_GOLDEN") == 1) {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(expected.toUtf8());
        return;
    }
    QCOMPARE(m_text, expected);
}

void ConfigExampleTest::keepsToAHundredColumns()
{
    for (const QString &line : m_text.split(u'\n')) {
        QVERIFY2(line.size() <= 100, qPrintable(line));
    }
}

} // namespace delta::config

QTEST_GUILESS_MAIN(delta::config::ConfigExampleTest)
#include "tst_config_example.moc"

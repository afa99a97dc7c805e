#include "gateway/config/config_loader.h"

#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::config;
using ports::SecretFailure;

namespace {

/// Knows some secrets, and writes down what it is asked for.
class FakeSecrets final : public ports::SecretSource
{
public:
    explicit FakeSecrets(QStringList &asked)
        : m_asked(asked)
    {
    }
    [[nodiscard]] std::expected<Secret, SecretFailure> find(const QString &reference) override
    {
        m_asked += reference;
        if (reference.contains(u"away"_s)) {
            return std::unexpected(
                SecretFailure{u"Vault does not answer"_s, SecretFailure::Kind::Passing});
        }
        if (reference.contains(u"wrong"_s)) {
            return std::unexpected(SecretFailure{u"Vault refuses it"_s});
        }
        if (reference.contains(u"database"_s)) {
            return Secret("sqlite:///tmp/of-the-manager.db");
        }
        return Secret("the-secret-of-" + reference.section(u'#', -1).toUtf8());
    }

private:
    QStringList &m_asked;
};

} // namespace

class SecretReferencesTest final : public QObject
{
    Q_OBJECT

    const PriceBook m_prices = PriceBook::builtIn();
    QStringList m_asked;
    int m_opened = 0;
    const Surroundings m_surroundings{QProcessEnvironment(), m_prices, {}, [this] {
                                          ++m_opened;
                                          return std::make_unique<FakeSecrets>(m_asked);
                                      }};

    [[nodiscard]] std::expected<LoadResult, Problems> parsed(const QByteArray &text) const
    {
        return parse(text, u"f"_s, m_surroundings);
    }

private Q_SLOTS:
    void init()
    {
        m_asked.clear();
        m_opened = 0;
    }

    void resolvesWholeValues()
    {
        const auto loaded = parsed("general_settings:\n"
                                   "  master_key: vault/secret/app#master-key-of-the-gateway\n"
                                   "  instance_name: team vault/secret/app#name\n"
                                   "model_list:\n"
                                   "  - model_name: a\n"
                                   "    deltallm_params:\n"
                                   "      model: openai/a\n"
                                   "      allow_unpriced: true\n"
                                   "      api_key: systemd/key\n"
                                   "      extra_headers: {x-team: file/run/secrets/team}\n");
        QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().front().toString()));
        QCOMPARE(loaded->config.masterKey.reveal(),
                 QByteArray("the-secret-of-master-key-of-the-gateway"));
        QCOMPARE(loaded->config.instanceName, u"team vault/secret/app#name"_s);
        QCOMPARE(loaded->config.endpoints.front().apiKey.reveal(),
                 QByteArray("the-secret-of-systemd/key"));
        QCOMPARE(loaded->config.endpoints.front().extraHeaders.front().second,
                 QByteArray("the-secret-of-file/run/secrets/team"));
        QVERIFY(loaded->warnings.empty());
        m_asked.sort();
        QCOMPARE(m_asked,
                 (QStringList{u"file/run/secrets/team"_s, u"systemd/key"_s,
                              u"vault/secret/app#master-key-of-the-gateway"_s}));
        QCOMPARE(m_opened, 1);
    }

    void opensTheManagersAnewForEachLoad()
    {
        for (int load = 1; load <= 2; ++load) {
            QVERIFY(
                parsed("general_settings: {master_key: vault/a/b#an-administrators-own-key}\n"));
            QCOMPARE(m_opened, load);
        }
    }

    void namesTheKeyAndTheReferenceOfWhatFails()
    {
        const auto loaded = parsed("general_settings:\n  master_key: vault/secret/wrong#key\n");
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().size(), 1U);
        QCOMPARE(loaded.error().front().toString(),
                 u"f:2:15: general_settings.master_key: vault/secret/wrong#key has no value: Vault "
                 "refuses it"_s);
        QVERIFY(!mayPass(loaded.error()));
    }

    void tellsWhatMayPassFromWhatIsWrong()
    {
        const auto away = parsed("general_settings: {master_key: vault/secret/away#key}\n");
        QVERIFY(!away);
        QVERIFY(mayPass(away.error()));
        const auto both = parsed(
            "general_settings: {master_key: vault/secret/away#key, typo: 1}\n");
        QVERIFY(!both);
        QVERIFY(!mayPass(both.error()));
        QVERIFY(!mayPass({}));
    }

    void showsNoSecretOfAValueThatIsWrong()
    {
        const auto loaded = parsed("general_settings: {log_level: vault/secret/app#level}\n");
        QVERIFY(!loaded);
        const QString problem = loaded.error().front().toString();
        QVERIFY2(problem.contains(u"the value of vault/secret/app#level"_s), qPrintable(problem));
        QVERIFY2(!problem.contains(u"the-secret-of"_s), qPrintable(problem));
    }

    void fetchesOnlyWhatACommandWants()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(u"c.yaml"_s));
        QVERIFY(file.open(QIODevice::WriteOnly)
                && file.write("general_settings:\n"
                              "  master_key: vault/secret/away#key\n"
                              "  database_url: vault/secret/database#url\n"
                              "  alerts: {webhook: {url: 'https://a.example', secret: "
                              "vault/secret/app#a-long-enough-secret-for-hooks}}\n")
                    > 0);
        file.close();
        const auto url = loadDatabaseUrl(file.fileName(), m_surroundings);
        QVERIFY2(url, url ? "" : qPrintable(url.error().front().toString()));
        QCOMPARE(*url, u"sqlite:///tmp/of-the-manager.db"_s);
        QCOMPARE(m_asked, QStringList{u"vault/secret/database#url"_s});
        m_asked.clear();
        const auto alerts = loadAlertSettings(file.fileName(), m_surroundings);
        QVERIFY2(alerts, alerts ? "" : qPrintable(alerts.error().front().toString()));
        QCOMPARE(m_asked, QStringList{u"vault/secret/app#a-long-enough-secret-for-hooks"_s});
    }

    void takesNoReferenceForTheValueWithoutAnyManager()
    {
        const Surroundings alone{QProcessEnvironment(), m_prices};
        const auto loaded = parse("general_settings: {master_key: vault/secret/app#key}\n", u"f"_s,
                                  alone);
        QVERIFY(!loaded);
        QVERIFY(loaded.error().front().message.contains(u"is not asked for here"_s));
    }
};

QTEST_GUILESS_MAIN(SecretReferencesTest)
#include "tst_secret_references.moc"

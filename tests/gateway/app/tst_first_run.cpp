// labels: unit db hostile
#include "gateway/app/first_run.h"
#include "gateway/auth/key_format.h"
#include "gateway/auth/password_hash.h"
#include "gateway/store/store.h"
#include "tests/gateway/auth/auth_fakes.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::app;

namespace {

const QString masterFile = u"master.mac"_s;
const QString passwordFile = u"admin.password"_s;
const QString unfinishedFile = u"first-run.unfinished"_s;

auth::Pepper zeroPepper()
{
    const std::array<std::byte, 32> bytes{};
    return auth::Pepper(bytes);
}

} // namespace

class FirstRunTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void makesAllSecretsOfANewFolder();
    void keepsTheirTracesOnly();
    void makesNothingTwice();
    void leavesTheMasterKeyToTheConfiguration();
    void makesNoVirtualKeyWhereThereAreSome();
    void makesAnewWhatTheOperatorRemoved_data();
    void makesAnewWhatTheOperatorRemoved();
    void makesUpForARunThatWasCutShort();
    void makesUpForARunThatFailed();
    void readsTheMasterKeysMac();
    void refusesADamagedTraceOfTheMasterKey_data();
    void refusesADamagedTraceOfTheMasterKey();

private:
    Result<std::optional<FirstSecrets>> run(ConfiguredMaster master = ConfiguredMaster::No)
    {
        return makeFirstSecrets(*m_folder, *m_keys, m_pepper, m_random, master);
    }
    QByteArray contentOf(const QString &name) const
    {
        return m_folder->read(name).value().value_or(QByteArray());
    }

    SystemClock m_clock;
    SystemRandom m_random;
    auth::Pepper m_pepper = zeroPepper();
    std::unique_ptr<QTemporaryDir> m_place;
    std::unique_ptr<StateFolder> m_folder;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<admin::KeyService> m_keys;
};

void FirstRunTest::init()
{
    m_place = std::make_unique<QTemporaryDir>();
    m_folder = std::make_unique<StateFolder>(StateFolder::open(m_place->path()).value());
    m_store = std::make_unique<store::Store>(m_folder->databaseFile(), m_clock);
    m_keys = std::make_unique<admin::KeyService>(
        admin::KeyService::Parts{*m_store, m_pepper, m_clock, m_random, nullptr});
}

void FirstRunTest::makesAllSecretsOfANewFolder()
{
    const auto made = run();
    QVERIFY(made && *made);
    const FirstSecrets &secrets = **made;
    QVERIFY(auth::looksLikeOurs(secrets.masterKey.reveal()));
    QVERIFY(auth::looksLikeOurs(secrets.virtualKey.reveal()));
    QVERIFY(secrets.adminPassword.reveal().size() >= 16);
    const auto found = m_keys->find(QString::fromLatin1(secrets.virtualKey.reveal()));
    QVERIFY(found && *found);
    QVERIFY((*found)->models.isEmpty() && !(*found)->blocked && !(*found)->expiresAt);
    QVERIFY(!*m_keys->find(QString::fromLatin1(secrets.masterKey.reveal())));
}

void FirstRunTest::keepsTheirTracesOnly()
{
    const FirstSecrets secrets = run().value().value();
    QCOMPARE(readMasterMac(*m_folder).value(),
             std::optional(m_pepper.mac(secrets.masterKey.reveal())));
    QVERIFY(auth::isPassword(secrets.adminPassword, contentOf(passwordFile).trimmed()));
    m_store.reset(); // Closes the database.
    for (const QString &name : QDir(m_place->path()).entryList(QDir::Files | QDir::Hidden)) {
        QFile file(m_place->filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        for (const Secret *secret :
             {&secrets.masterKey, &secrets.virtualKey, &secrets.adminPassword}) {
            QVERIFY2(!bytes.contains(secret->reveal().right(18).left(10)), qPrintable(name));
        }
    }
}

void FirstRunTest::makesNothingTwice()
{
    QVERIFY(run().value());
    const QByteArray master = contentOf(masterFile);
    const QByteArray password = contentOf(passwordFile);
    for (int start = 0; start < 3; ++start) {
        const auto again = run();
        QVERIFY(again && !*again);
    }
    QCOMPARE(contentOf(masterFile), master);
    QCOMPARE(contentOf(passwordFile), password);
    QCOMPARE(m_keys->list()->size(), 1U);
    QVERIFY(!QFileInfo::exists(m_place->filePath(unfinishedFile)));
}

void FirstRunTest::leavesTheMasterKeyToTheConfiguration()
{
    const auto made = run(ConfiguredMaster::Yes);
    QVERIFY(made && *made);
    QVERIFY((*made)->masterKey.isEmpty());
    QVERIFY(!(*made)->adminPassword.isEmpty());
    QVERIFY(!readMasterMac(*m_folder).value());
    QVERIFY(!*run(ConfiguredMaster::Yes));
    // Without it in the configuration, the folder needs one of its own.
    const auto later = run(ConfiguredMaster::No);
    QVERIFY(later && *later);
    QVERIFY(!(*later)->masterKey.isEmpty());
    QVERIFY((*later)->adminPassword.isEmpty() && (*later)->virtualKey.isEmpty());
}

void FirstRunTest::makesNoVirtualKeyWhereThereAreSome()
{
    QVERIFY(m_keys->create({})); // With `keys create`, before the first start.
    const auto made = run();
    QVERIFY(made && *made);
    QVERIFY((*made)->virtualKey.isEmpty());
    QCOMPARE(m_keys->list()->size(), 1U);
}

void FirstRunTest::makesAnewWhatTheOperatorRemoved_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("master key") << masterFile;
    QTest::newRow("password") << passwordFile;
}

void FirstRunTest::makesAnewWhatTheOperatorRemoved()
{
    QFETCH(const QString, file);
    QVERIFY(run().value());
    const QString other = file == masterFile ? passwordFile : masterFile;
    const QByteArray before = contentOf(file);
    const QByteArray kept = contentOf(other);
    QVERIFY(m_folder->remove(file));
    const auto made = run();
    QVERIFY(made && *made);
    QCOMPARE((*made)->masterKey.isEmpty(), file != masterFile);
    QCOMPARE((*made)->adminPassword.isEmpty(), file != passwordFile);
    QVERIFY((*made)->virtualKey.isEmpty());
    QVERIFY(contentOf(file) != before);
    QCOMPARE(contentOf(other), kept);
}

void FirstRunTest::makesUpForARunThatWasCutShort()
{
    const FirstSecrets lost = run().value().value();
    // As a kill between the last secret and the end leaves it: nobody has seen any of them.
    QVERIFY(m_folder->write(unfinishedFile, "master password virtual-key \n"));
    const auto made = run();
    QVERIFY(made && *made);
    QVERIFY(!(*made)->masterKey.isEmpty() && !(*made)->adminPassword.isEmpty());
    QVERIFY(!(*made)->virtualKey.isEmpty());
    QCOMPARE(m_keys->list()->size(), 1U);
    QVERIFY(!*m_keys->find(QString::fromLatin1(lost.virtualKey.reveal())));
    QVERIFY(readMasterMac(*m_folder).value() != m_pepper.mac(lost.masterKey.reveal()));
    QVERIFY(!*run());
}

void FirstRunTest::makesUpForARunThatFailed()
{
    auth::test::ListKeyStore full; // It takes no key, and then the disk has room again.
    full.takesKeys = false;
    full.isDown = true; // Nor are all keys read to find out whether there is one.
    admin::KeyService keys({full, m_pepper, m_clock, m_random, nullptr});
    const auto failed = makeFirstSecrets(*m_folder, keys, m_pepper, m_random, ConfiguredMaster::No);
    QVERIFY(!failed);
    QCOMPARE(failed.error().kind, ErrorKind::StoreUnavailable);
    QVERIFY(readMasterMac(*m_folder).value()); // Of a key that nobody has seen.
    const auto made = run();
    QVERIFY(made && *made);
    QVERIFY(!(*made)->masterKey.isEmpty() && !(*made)->virtualKey.isEmpty());
    QCOMPARE(m_keys->list()->size(), 1U);
    QCOMPARE(readMasterMac(*m_folder).value(),
             std::optional(m_pepper.mac((*made)->masterKey.reveal())));
}

void FirstRunTest::readsTheMasterKeysMac()
{
    QCOMPARE(readMasterMac(*m_folder).value(), std::optional<auth::KeyMac>());
    QVERIFY(m_folder->write(masterFile, QByteArray(32, '\x5a').toHex() + "\r\n"));
    auth::KeyMac expected{};
    expected.fill(0x5a);
    QCOMPARE(readMasterMac(*m_folder).value(), std::optional(expected));
}

void FirstRunTest::refusesADamagedTraceOfTheMasterKey_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << ""_ba;
    QTest::newRow("cut short") << QByteArray(31, 'a').toHex();
    QTest::newRow("too long") << QByteArray(33, 'a').toHex();
    QTest::newRow("no hexadecimal") << QByteArray(64, 'z');
    QTest::newRow("raw") << QByteArray(32, '\x01');
}

void FirstRunTest::refusesADamagedTraceOfTheMasterKey()
{
    QFETCH(const QByteArray, bytes);
    QVERIFY(m_folder->write(masterFile, bytes));
    const auto mac = readMasterMac(*m_folder);
    QVERIFY(!mac);
    QCOMPARE(mac.error().kind, ErrorKind::StoreUnavailable);
    QVERIFY(mac.error().message.contains(masterFile));
}

QTEST_GUILESS_MAIN(FirstRunTest)
#include "tst_first_run.moc"

#include "gateway/secrets/key_file.h"
#include "tests/gateway/secrets/sealing_fakes.h"

#include <QTemporaryDir>
#include <QtTest>
#include <sys/stat.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::secrets;
using test::keyLine;

class KeyFileTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    SystemRandom m_random;

    [[nodiscard]] KeySources sources() const
    {
        return {{}, {}, m_folder->filePath(u"kek"_s)};
    }
    void write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    [[nodiscard]] QByteArray text() const
    {
        QFile file(sources().stateFile);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QStringList ids()
    {
        const auto ring = KeyRing::open(sources(), IfNoKey::Fail, m_random);
        return ring ? ring->ids() : QStringList{ring.error()};
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void putsANewKeyAboveThoseThatAreThere()
    {
        const QByteArray older = "# made in May\n" + keyLine('a');
        write(u"kek"_s, older);
        const auto file = KeyFile::lock(sources());
        QVERIFY2(file, file ? "" : qPrintable(file.error()));
        const auto added = file->addOnTop(m_random);
        QVERIFY2(added, added ? "" : qPrintable(added.error()));
        QVERIFY(text().endsWith(older));
        QCOMPARE(ids().size(), 2);
        QCOMPARE(ids().constLast(), u"3ba3f5f4"_s);
        struct stat facts{};
        QCOMPARE(::stat(QFile::encodeName(sources().stateFile).constData(), &facts), 0);
        QCOMPARE(facts.st_mode & 07777, mode_t(0600));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{u"kek"_s});
    }

    void keepsOneKeyAndAllRemarks()
    {
        write(u"kek"_s, "# new\n" + keyLine('b') + "\n# old\n" + keyLine('a') + keyLine('c'));
        const auto file = KeyFile::lock(sources());
        QVERIFY(file);
        const auto removed = file->keepOnly("bdb33976");
        QVERIFY2(removed, removed ? "" : qPrintable(removed.error()));
        QCOMPARE(removed->size(), 2);
        QCOMPARE(removed->constFirst(), u"3ba3f5f4"_s);
        QCOMPARE(text(), "# new\n" + keyLine('b') + "\n# old\n");
        QCOMPARE(file->keepOnly("bdb33976").value(), QStringList());
    }

    void isChangedByOneProcessAtATime()
    {
        write(u"kek"_s, keyLine('a'));
        {
            const auto file = KeyFile::lock(sources());
            QVERIFY(file);
            const auto second = KeyFile::lock(sources());
            QVERIFY(!second);
            QVERIFY2(second.error().startsWith(u"Another process changes"_s),
                     qPrintable(second.error()));
        }
        QVERIFY(KeyFile::lock(sources()));
    }

    void leavesACredentialToItsOwner()
    {
        write(u"deltallm-kek"_s, keyLine('a'));
        KeySources credential = sources();
        credential.credentialsFolder = m_folder->path();
        const auto file = KeyFile::lock(credential);
        QVERIFY(!file);
        QVERIFY2(file.error().contains(u"LoadCredential="_s), qPrintable(file.error()));
    }

    void makesNoFileWhereThereIsNone()
    {
        const auto file = KeyFile::lock(sources());
        QVERIFY(file);
        const auto added = file->addOnTop(m_random);
        QVERIFY(!added);
        QVERIFY2(added.error().contains(u"it is missing"_s), qPrintable(added.error()));
        QVERIFY(!QFile::exists(sources().stateFile));
    }

    void takesNoMoreKeysThanAGatewayReads()
    {
        write(u"kek"_s, keyLine('a') + '#' + QByteArray(KeyRing::longestFile - 70, 'x') + '\n');
        const QByteArray before = text();
        const auto file = KeyFile::lock(sources());
        QVERIFY(file);
        const auto added = file->addOnTop(m_random);
        QVERIFY(!added);
        QVERIFY2(added.error().contains(u"kek retire"_s), qPrintable(added.error()));
        QCOMPARE(text(), before);
    }
};

QTEST_GUILESS_MAIN(KeyFileTest)
#include "tst_key_file.moc"

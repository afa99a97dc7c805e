#include "gateway/auth/pepper.h"
#include "tests/gateway/auth/auth_fakes.h"

#include <QTemporaryDir>
#include <QtTest>
#include <sys/stat.h>
#include <unistd.h>

using namespace delta;
using namespace delta::auth;

class PepperTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void computesHmacSha256()
    {
        // Computed by Python's hmac module.
        const KeyMac mac = test::fixedPepper().mac(
            "sk-dl-AbCd0123-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ-0YlYYu");
        QCOMPARE(QByteArray(reinterpret_cast<const char *>(mac.data()), 32).toHex(),
                 QByteArray("9e03b783a0f21404eec8a26197f17fec37fdacc4c8c66ad00880887caf6f5e48"));
    }

    void derivesASecretForAnotherPurpose()
    {
        // HKDF by RFC 5869 and HMAC, computed by Python's hmac module.
        const Pepper pepper = test::fixedPepper();
        const KeyMac mac = pepper.derived("audit").mac("x");
        QCOMPARE(QByteArray(reinterpret_cast<const char *>(mac.data()), 32).toHex(),
                 QByteArray("d7f3b62a8d951858435dee3377704ca0ec51b42b5399d6a065a7b3c2a431f4e5"));
        QVERIFY(isSameMac(mac, pepper.derived("audit").mac("x")));
        QVERIFY(!isSameMac(mac, pepper.derived("other").mac("x")));
        QVERIFY(!isSameMac(mac, pepper.mac("x")));
    }

    void computesTheSameMacEveryTime()
    {
        const Pepper pepper = test::fixedPepper();
        const KeyMac first = pepper.mac("sk-a");
        QVERIFY(!isSameMac(first, pepper.mac("sk-b")));
        QVERIFY(isSameMac(first, pepper.mac("sk-a")));
        QVERIFY(!isSameMac(first, pepper.mac("")));
    }

    void createsTheFileOnce()
    {
        const auto first = Pepper::open(path(), IfAbsent::Create, m_random);
        QVERIFY2(first, first ? "" : qPrintable(first.error()));
        const QByteArray bytes = content();
        QCOMPARE(bytes.size(), 32);
        const auto again = Pepper::open(path(), IfAbsent::Create, m_random);
        QVERIFY(again);
        QCOMPARE(content(), bytes);
        QVERIFY(isSameMac(first->mac("sk-x"), again->mac("sk-x")));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden),
                 QStringList{QStringLiteral("pepper")});
    }

    void letsOnlyTheOwnerReadTheFile()
    {
        const mode_t oldMask = ::umask(0);
        const auto pepper = Pepper::open(path(), IfAbsent::Create, m_random);
        ::umask(oldMask);
        QVERIFY(pepper);
        struct stat facts{};
        QCOMPARE(::stat(QFile::encodeName(path()).constData(), &facts), 0);
        QCOMPARE(facts.st_mode & 07777, mode_t{0600});
    }

    void makesDifferentPeppers()
    {
        const QString other = m_folder->filePath(QStringLiteral("other"));
        const auto a = Pepper::open(path(), IfAbsent::Create, m_random);
        const auto b = Pepper::open(other, IfAbsent::Create, m_random);
        QVERIFY(a && b);
        QVERIFY(!isSameMac(a->mac("sk-x"), b->mac("sk-x")));
    }

    void survivesALeftOverDraft()
    {
        write(QStringLiteral("pepper.new"), "half");
        QVERIFY(Pepper::open(path(), IfAbsent::Create, m_random));
        QCOMPARE(content().size(), 32);
    }

    void neverReplacesAMissingFileWhenKeysExist()
    {
        const auto pepper = Pepper::open(path(), IfAbsent::Fail, m_random);
        QVERIFY(!pepper);
        QVERIFY(pepper.error().contains(path()));
        QVERIFY(pepper.error().contains(QStringLiteral("missing")));
        QVERIFY(!QFile::exists(path()));
    }

    void refusesADamagedFileAndKeepsIt_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("mode");
        QTest::addColumn<QString>("hint");
        QTest::newRow("empty") << QByteArray() << 0600 << QStringLiteral("0 bytes");
        QTest::newRow("short") << QByteArray(31, 'p') << 0600 << QStringLiteral("31 bytes");
        QTest::newRow("long") << QByteArray(33, 'p') << 0600 << QStringLiteral("33 bytes");
        QTest::newRow("readable by the group")
            << QByteArray(32, 'p') << 0640 << QStringLiteral("0640");
        QTest::newRow("readable by all")
            << QByteArray(32, 'p') << 0604 << QStringLiteral("chmod 600");
    }

    void refusesADamagedFileAndKeepsIt()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, mode);
        QFETCH(QString, hint);
        write(QStringLiteral("pepper"), bytes);
        QCOMPARE(::chmod(QFile::encodeName(path()).constData(), static_cast<mode_t>(mode)), 0);
        const auto pepper = Pepper::open(path(), IfAbsent::Create, m_random);
        QVERIFY(!pepper);
        QVERIFY2(pepper.error().contains(hint), qPrintable(pepper.error()));
        QCOMPARE(content(), bytes);
    }

    void refusesWhatIsNoPlainFile()
    {
        const QString target = m_folder->filePath(QStringLiteral("elsewhere"));
        write(QStringLiteral("elsewhere"), QByteArray(32, 'p'));
        QVERIFY(QFile::link(target, path()));
        QVERIFY(!Pepper::open(path(), IfAbsent::Create, m_random));
        QVERIFY(QFile::remove(path()));
        QVERIFY(QDir().mkdir(path()));
        QVERIFY(!Pepper::open(path(), IfAbsent::Create, m_random));
        QVERIFY(QDir().rmdir(path()));
        QCOMPARE(::mkfifo(QFile::encodeName(path()).constData(), 0600), 0);
        QVERIFY(!Pepper::open(path(), IfAbsent::Create, m_random));
    }

    void saysWhenTheFolderIsMissing()
    {
        const auto pepper = Pepper::open(m_folder->filePath(QStringLiteral("no/such/pepper")),
                                         IfAbsent::Create, m_random);
        QVERIFY(!pepper);
        QVERIFY2(pepper.error().contains(QStringLiteral("No such file")),
                 qPrintable(pepper.error()));
    }

private:
    [[nodiscard]] QString path() const
    {
        return m_folder->filePath(QStringLiteral("pepper"));
    }
    [[nodiscard]] QByteArray content() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
    }
    void write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
        file.close();
        QCOMPARE(::chmod(QFile::encodeName(file.fileName()).constData(), 0600), 0);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    SystemRandom m_random;
};

QTEST_GUILESS_MAIN(PepperTest)
#include "tst_pepper.moc"

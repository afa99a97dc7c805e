#include "gateway/secrets/key_ring.h"
#include "tests/gateway/secrets/sealing_fakes.h"

#include <QTemporaryDir>
#include <QtTest>
#include <sys/stat.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::secrets;
using test::keyLine;

class KeyRingTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    SystemRandom m_random;

    [[nodiscard]] QString path(const QString &name) const
    {
        return m_folder->filePath(name);
    }
    [[nodiscard]] QString write(const QString &name, const QByteArray &bytes,
                                mode_t mode = 0600) const
    {
        QFile file(path(name));
        const bool isWritten = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
        file.close();
        const bool isGood = isWritten
            && ::chmod(QFile::encodeName(file.fileName()).constData(), mode) == 0;
        return isGood ? file.fileName() : QString();
    }
    [[nodiscard]] KeySources sources() const
    {
        return {m_folder->path(), {}, path(u"kek"_s)};
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void readsHexadecimalAndBase64NewestFirst()
    {
        const QByteArray text = "# made in May\n" + QByteArray(32, 'b').toHex().toUpper()
            + "\r\n\n  " + QByteArray(32, 'a').toBase64();
        const auto ring = KeyRing::fromText(text, u"test"_s);
        QVERIFY2(ring, ring ? "" : qPrintable(ring.error()));
        QCOMPARE(ring->newest().bytes.reveal(), QByteArray(32, 'b'));
        // The first eight digits of what sha256sum says of 32 times the letter.
        QCOMPARE(ring->ids(), (QStringList{u"bdb33976"_s, u"3ba3f5f4"_s}));
        const SealingKey *const older = ring->find("3ba3f5f4");
        QVERIFY(older);
        QCOMPARE(older->bytes.reveal(), QByteArray(32, 'a'));
        QVERIFY(!ring->find("3ba3f5f5"));
    }

    void saysWhatIsWrongAndNeverShowsALine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("why");
        const QString noKey = u"line %1 is not a key, which is 32 bytes in hexadecimal or base64"_s;
        const QByteArray good = keyLine('a');
        QTest::newRow("empty") << QByteArray() << u"there is none"_s;
        QTest::newRow("remarks only") << QByteArray("# nothing\n\n") << u"there is none"_s;
        QTest::newRow("short") << good.first(62) << noKey.arg(1);
        QTest::newRow("long") << good + "\n" + good.trimmed() + "00" << noKey.arg(3);
        QTest::newRow("no digits") << QByteArray(64, 'x') << noKey.arg(1);
        QTest::newRow("base64 of 33 bytes") << QByteArray(33, 'a').toBase64() << noKey.arg(1);
        QTest::newRow("base64 with a blank")
            << QByteArray(32, 'a').toBase64().replace(3, 1, " ") << noKey.arg(1);
        QTest::newRow("raw bytes") << QByteArray(32, 'a') << noKey.arg(1);
        QTest::newRow("twice") << good + QByteArray(32, 'a').toBase64()
                               << u"line 2 repeats a key"_s;
    }

    void saysWhatIsWrongAndNeverShowsALine()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, why);
        const auto ring = KeyRing::fromText(text, u"/x/kek"_s);
        QVERIFY(!ring);
        QCOMPARE(ring.error(), u"The sealing keys in /x/kek cannot be used: %1."_s.arg(why));
    }

    void makesAKeyOnce()
    {
        const auto first = KeyRing::open(sources(), IfNoKey::Create, m_random);
        QVERIFY2(first, first ? "" : qPrintable(first.error()));
        QCOMPARE(first->ids().size(), 1);
        QCOMPARE(first->newest().bytes.reveal().size(), 32);
        struct stat facts{};
        QCOMPARE(::stat(QFile::encodeName(path(u"kek"_s)).constData(), &facts), 0);
        QCOMPARE(facts.st_mode & 07777, mode_t{0600});
        const auto again = KeyRing::open(sources(), IfNoKey::Fail, m_random);
        QVERIFY(again);
        QCOMPARE(again->ids(), first->ids());
    }

    void makesDifferentKeys()
    {
        KeySources other = sources();
        other.stateFile = path(u"other"_s);
        const auto a = KeyRing::open(sources(), IfNoKey::Create, m_random);
        const auto b = KeyRing::open(other, IfNoKey::Create, m_random);
        QVERIFY(a && b);
        QVERIFY(a->ids() != b->ids());
    }

    void neverMakesAKeyWhereSomethingIsSealed()
    {
        const auto ring = KeyRing::open(sources(), IfNoKey::Fail, m_random);
        QVERIFY(!ring);
        QVERIFY2(ring.error().contains(path(u"kek"_s)), qPrintable(ring.error()));
        QVERIFY(ring.error().contains(u"missing"_s));
        QVERIFY(!QFile::exists(path(u"kek"_s)));
    }

    void asksTheCredentialFirstAndThenTheConfiguredFile()
    {
        KeySources all = sources();
        all.configuredFile = write(u"configured"_s, keyLine('b'));
        QVERIFY(!write(u"kek"_s, keyLine('c')).isEmpty());
        // systemd lets a user read it by an access list, which shows as the group's right.
        QVERIFY(!write(u"deltallm-kek"_s, keyLine('a'), 0440).isEmpty());
        const auto idOf = [](const QByteArray &line) { return test::ringOf(line).ids(); };
        QCOMPARE(KeyRing::open(all, IfNoKey::Fail, m_random)->ids(), idOf(keyLine('a')));
        QVERIFY(QFile::remove(path(u"deltallm-kek"_s)));
        QCOMPARE(KeyRing::open(all, IfNoKey::Fail, m_random)->ids(), idOf(keyLine('b')));
        all.configuredFile.clear();
        QCOMPARE(KeyRing::open(all, IfNoKey::Fail, m_random)->ids(), idOf(keyLine('c')));
    }

    void neverPassesOverAPlaceThatIsWrong()
    {
        KeySources all = sources();
        all.configuredFile = path(u"configured"_s);
        QVERIFY(!write(u"kek"_s, keyLine('c')).isEmpty());
        const auto absent = KeyRing::open(all, IfNoKey::Create, m_random);
        QVERIFY(!absent);
        QVERIFY2(absent.error().contains(u"kek_file names, is missing"_s),
                 qPrintable(absent.error()));
        QVERIFY(!QFile::exists(all.configuredFile));
        QVERIFY(!write(u"configured"_s, keyLine('b'), 0640).isEmpty());
        const auto readable = KeyRing::open(all, IfNoKey::Create, m_random);
        QVERIFY(!readable);
        QVERIFY2(readable.error().contains(u"0640"_s), qPrintable(readable.error()));
        QVERIFY(!write(u"deltallm-kek"_s, "no key", 0400).isEmpty());
        const auto damaged = KeyRing::open(all, IfNoKey::Create, m_random);
        QVERIFY(!damaged);
        QVERIFY2(damaged.error().contains(u"deltallm-kek"_s), qPrintable(damaged.error()));
    }
};

QTEST_GUILESS_MAIN(KeyRingTest)
#include "tst_key_ring.moc"

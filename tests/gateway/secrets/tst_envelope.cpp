// labels: unit hostile
#include "gateway/secrets/envelope.h"
#include "tests/gateway/secrets/sealing_fakes.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::secrets;
using test::CountingRandom;
using test::keyLine;
using test::ringOf;

namespace {

const QByteArray place = "credentials|7|api_key|https://llm.example.com";
const Secret secret("sk-provider-0123456789");

QString messageOf(const Result<Secret> &opened)
{
    return opened ? u"it opened"_s : opened.error().message;
}

} // namespace

class EnvelopeTest final : public QObject
{
    Q_OBJECT

    SystemRandom m_random;

private Q_SLOTS:
    void opensWhatItSealed_data()
    {
        QTest::addColumn<QByteArray>("plain");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a key") << secret.reveal();
        QTest::newRow("any bytes") << QByteArray("\0\xff\n\x01", 4);
        QTest::newRow("the longest") << QByteArray(1 << 20, 's');
    }

    void opensWhatItSealed()
    {
        QFETCH(QByteArray, plain);
        Envelope envelope(ringOf(keyLine('a')), m_random);
        const auto sealed = envelope.seal(Secret(plain), place);
        QVERIFY(sealed);
        QVERIFY(plain.isEmpty() || !sealed->contains(plain));
        const auto opened = envelope.open(*sealed, place);
        QVERIFY(opened);
        QCOMPARE(opened->reveal(), plain);
    }

    // Sealed by another implementation of AES-GCM, so that no later version loses what this one sealed.
    void readsTheFirstFormat()
    {
        CountingRandom counting;
        Envelope envelope(ringOf(keyLine('a')), counting);
        const QByteArray known = QByteArray::fromHex(
            "013ba3f5f4202122232425262728292a2b28307efc2e415916f969e24e96462dd53fa3c36d492802"
            "52025862424185d0b89554b7966433b12aae5084d3ddb596a92c2d2e2f3031323334353637219608"
            "6610fe92a552adefcb0bd2582be13f1efb5e5c5f781ac4d11c000b7cc4f87b78684cf2");
        const auto opened = envelope.open(known, place);
        QVERIFY2(opened, qPrintable(messageOf(opened)));
        QCOMPARE(opened->reveal(), secret.reveal());
        QCOMPARE(envelope.seal(secret, place)->toHex(), known.toHex());
    }

    void sealsTheSameSecretDifferentlyEachTime()
    {
        Envelope envelope(ringOf(keyLine('a')), m_random);
        const QByteArray one = envelope.seal(secret, place).value();
        const QByteArray two = envelope.seal(secret, place).value();
        // Version and id of the key are the same, nothing else may be.
        QCOMPARE(one.first(5), two.first(5));
        QVERIFY(one.sliced(5, 60) != two.sliced(5, 60));
        QVERIFY(one.sliced(65) != two.sliced(65));
    }

    void refusesASecretThatIsTooLong()
    {
        Envelope envelope(ringOf(keyLine('a')), m_random);
        const auto sealed = envelope.seal(Secret(QByteArray((1 << 20) + 1, 's')), place);
        QVERIFY(!sealed);
        QCOMPARE(sealed.error().kind, ErrorKind::Internal);
    }

    void opensInNoOtherPlace()
    {
        Envelope envelope(ringOf(keyLine('a')), m_random);
        const QByteArray sealed = envelope.seal(secret, place).value();
        for (const QByteArray &other :
             {QByteArray(), place + ' ', place.chopped(1), place.toUpper(),
              QByteArray("credentials|8|api_key|https://llm.example.com")}) {
            const auto opened = envelope.open(sealed, other);
            QVERIFY2(!opened, other.constData());
            QCOMPARE(opened.error().kind, ErrorKind::StoreUnavailable);
            QCOMPARE(opened.error().message,
                     u"A stored secret cannot be opened: it was changed, or "
                     "belongs to another place."_s);
        }
    }

    void opensWithNoOtherKey()
    {
        Envelope envelope(ringOf(keyLine('a')), m_random);
        Envelope other(ringOf(keyLine('b')), m_random);
        const QByteArray sealed = envelope.seal(secret, place).value();
        QCOMPARE(
            messageOf(other.open(sealed, place)),
            u"A stored secret cannot be opened: it is sealed with the key 3ba3f5f4, which this "
            "gateway does not have; it has bdb33976."_s);
    }

    void noticesEachByteThatWasChanged()
    {
        Envelope envelope(ringOf(keyLine('a') + keyLine('b')), m_random);
        const QByteArray sealed = envelope.seal(secret, place).value();
        QCOMPARE(sealed.size(), 1 + 4 + 60 + 28 + secret.reveal().size());
        for (qsizetype at = 0; at < sealed.size(); ++at) {
            for (int change = 1; change < 256; ++change) {
                QByteArray changed = sealed;
                changed[at] = static_cast<char>(changed.at(at) ^ change);
                const auto opened = envelope.open(changed, place);
                QVERIFY2(!opened, qPrintable(u"byte %1 ^ %2"_s.arg(at).arg(change)));
                QCOMPARE(opened.error().kind, ErrorKind::StoreUnavailable);
                QVERIFY(!opened.error().message.contains(QString::fromLatin1(secret.reveal())));
            }
        }
    }

    void noticesThatBytesAreMissingOrTooMany()
    {
        Envelope envelope(ringOf(keyLine('a')), m_random);
        const QByteArray sealed = envelope.seal(secret, place).value();
        for (qsizetype length = 0; length < sealed.size(); ++length) {
            QVERIFY2(!envelope.open(sealed.first(length), place), QByteArray::number(length));
        }
        for (int byte = 0; byte < 256; ++byte) {
            QVERIFY(!envelope.open(sealed + static_cast<char>(byte), place));
        }
        QCOMPARE(messageOf(envelope.open({}, place)),
                 u"A stored secret cannot be opened: it is empty."_s);
        QCOMPARE(messageOf(envelope.open(sealed.first(92), place)),
                 u"A stored secret cannot be opened: it is cut short."_s);
        QCOMPARE(
            messageOf(envelope.open("sk-provider-0123456789", place)),
            u"A stored secret cannot be opened: it has the unknown format 115; a newer gateway "
            "may have written it."_s);
    }

    void takesNoPartOfOneValueForAnother()
    {
        Envelope envelope(ringOf(keyLine('a')), m_random);
        const QByteArray one = envelope.seal(secret, place).value();
        const QByteArray two = envelope.seal(Secret("another-secret-of-the-row"), place).value();
        QVERIFY(!envelope.open(one.first(65) + two.sliced(65), place));
        QVERIFY(!envelope.open(two.first(65) + one.sliced(65), place));
    }

    void movesAValueToTheNewestKey()
    {
        Envelope before(ringOf(keyLine('a')), m_random);
        Envelope during(ringOf(keyLine('b') + keyLine('a')), m_random);
        Envelope after(ringOf(keyLine('b')), m_random);
        const QByteArray sealed = before.seal(secret, place).value();
        const QByteArray moved = during.rewrap(sealed, place).value();
        QCOMPARE(Envelope::kekIdOf(sealed).value(), QByteArray("3ba3f5f4"));
        QCOMPARE(Envelope::kekIdOf(moved).value(), QByteArray("bdb33976"));
        QCOMPARE(moved.sliced(65), sealed.sliced(65));
        QVERIFY(!before.open(moved, place));
        for (Envelope *const envelope : {&during, &after}) {
            const auto opened = envelope->open(moved, place);
            QVERIFY2(opened, qPrintable(messageOf(opened)));
            QCOMPARE(opened->reveal(), secret.reveal());
        }
        // Both can be read meanwhile, and a second time changes nothing.
        QCOMPARE(during.open(sealed, place)->reveal(), secret.reveal());
        QCOMPARE(during.rewrap(moved, place).value(), moved);
    }

    void movesNothingThatItCannotOpen()
    {
        Envelope before(ringOf(keyLine('a')), m_random);
        Envelope during(ringOf(keyLine('b') + keyLine('a')), m_random);
        Envelope stranger(ringOf(keyLine('c')), m_random);
        const QByteArray sealed = before.seal(secret, place).value();
        QVERIFY(!during.rewrap(sealed, "elsewhere"));
        QVERIFY(!before.rewrap(sealed, "elsewhere"));
        QVERIFY(!stranger.rewrap(sealed, place));
        QVERIFY(!during.rewrap({}, place));
        for (qsizetype at = 0; at < 65; ++at) {
            QByteArray changed = sealed;
            changed[at] = static_cast<char>(changed.at(at) ^ 1);
            QVERIFY2(!during.rewrap(changed, place), QByteArray::number(at));
        }
    }

    void sealsAndOpensWithTheKeysThatItAdoptsLast()
    {
        Envelope envelope(ringOf(keyLine('a')), m_random);
        const QByteArray old = envelope.seal(secret, place).value();
        envelope.adopt(ringOf(keyLine('b') + keyLine('a')));
        const QByteArray fresh = envelope.seal(secret, place).value();
        QCOMPARE(Envelope::kekIdOf(fresh).value(), QByteArray("bdb33976"));
        QCOMPARE(envelope.open(old, place)->reveal(), secret.reveal());
        QCOMPARE(envelope.open(fresh, place)->reveal(), secret.reveal());
    }

    void readsTheKeysAgainForAValueOfAnUnknownOneAndGoesOnSealingAsBefore()
    {
        Envelope other(ringOf(keyLine('b')), m_random);
        int reads = 0;
        Envelope envelope(ringOf(keyLine('a')), m_random, [&reads] {
            ++reads;
            return std::optional(ringOf(keyLine('b') + keyLine('a')));
        });
        const auto opened = envelope.open(other.seal(secret, place).value(), place);
        QVERIFY2(opened, qPrintable(messageOf(opened)));
        QVERIFY(envelope.open(other.seal(secret, place).value(), place));
        QCOMPARE(reads, 1);
        const QByteArray sealed = envelope.seal(secret, place).value();
        QCOMPARE(Envelope::kekIdOf(sealed).value(), QByteArray("3ba3f5f4"));
    }

    void takesNoKeysThatLackTheOneThatSeals()
    {
        Envelope other(ringOf(keyLine('b')), m_random);
        Envelope envelope(ringOf(keyLine('a')), m_random,
                          [] { return std::optional(ringOf(keyLine('b'))); });
        QVERIFY(!envelope.open(other.seal(secret, place).value(), place));
        QVERIFY(envelope.open(envelope.seal(secret, place).value(), place));
    }

    void saysOfNothingElseByWhichKeyItIsSealed()
    {
        QVERIFY(!Envelope::kekIdOf(""));
        QVERIFY(!Envelope::kekIdOf(QByteArray(200, 'x')));
        QVERIFY(!Envelope::kekIdOf(QByteArray(92, '\1')));
        QCOMPARE(Envelope::kekIdOf(QByteArray(93, '\1')).value(), QByteArray("01010101"));
    }
};

QTEST_GUILESS_MAIN(EnvelopeTest)
#include "tst_envelope.moc"

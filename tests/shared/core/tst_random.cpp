#include "shared/core/random.h"

#include <QSet>
#include <QTest>

#include <algorithm>
#include <array>

namespace delta {

namespace {

/// Counts through all bytes, again and again.
class CountingRandom final : public Random
{
public:
    void fill(std::span<std::byte> target) override
    {
        for (std::byte &byte : target) {
            byte = std::byte(m_next++);
        }
    }

private:
    quint8 m_next = 0;
};

} // namespace

class RandomTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesTextsOfTheLengthAsked_data();
    void makesTextsOfTheLengthAsked();
    void makesEachCharacterEquallyLikely();
    void takesAnotherTextEachTime();
    void fillsAllOfTheTarget();
};

void RandomTest::makesTextsOfTheLengthAsked_data()
{
    QTest::addColumn<int>("length");
    for (const int length : {0, 1, 22, 64, 65, 1000}) {
        QTest::addRow("%d", length) << length;
    }
}

void RandomTest::makesTextsOfTheLengthAsked()
{
    QFETCH(int, length);
    SystemRandom random;
    const QByteArray text = randomText(random, length);
    QCOMPARE(text.size(), length);
    QVERIFY(std::ranges::all_of(text, [](char character) {
        return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z')
            || (character >= 'a' && character <= 'z');
    }));
}

void RandomTest::makesEachCharacterEquallyLikely()
{
    // 256 bytes hold each value once; 248 of them are used, four for each of the 62 characters.
    CountingRandom random;
    const QByteArray text = randomText(random, 248);
    std::array<int, 128> counts{};
    for (const char character : text) {
        ++counts[static_cast<std::size_t>(character)];
    }
    QCOMPARE(std::ranges::count(counts, 4), 62);
}

void RandomTest::takesAnotherTextEachTime()
{
    SystemRandom random;
    QSet<QByteArray> texts;
    for (int i = 0; i < 1000; ++i) {
        texts.insert(randomText(random, 22));
    }
    QCOMPARE(texts.size(), 1000);
}

void RandomTest::fillsAllOfTheTarget()
{
    // Larger than what one system call gives at most without a break; zeros at both ends of it
    // would be a chance of 2^-256.
    SystemRandom random;
    std::vector<std::byte> bytes(1 << 20);
    random.fill(bytes);
    const auto isZero = [](std::byte byte) { return byte == std::byte(0); };
    QVERIFY(!std::all_of(bytes.begin(), bytes.begin() + 32, isZero));
    QVERIFY(!std::all_of(bytes.end() - 32, bytes.end(), isZero));
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::RandomTest)
#include "tst_random.moc"

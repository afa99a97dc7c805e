#include "shared/core/secret.h"

#include <QTest>

#include <array>
#include <memory>
#include <type_traits>

namespace delta {

namespace {

static_assert(!std::is_convertible_v<QByteArray, Secret>);
static_assert(!std::is_convertible_v<Secret, QByteArray>);
template <typename T>
concept Comparable = requires(const T &a, const T &b) { a == b; };
static_assert(!Comparable<Secret>,
              "comparing secrets with == leaks their length and prefix by time");

constexpr std::array<char, 13> sample{'s', 'k', '-', '0', '1', '2', '3',
                                      '4', '5', '6', '7', '8', '9'};

/// Returns an array that owns its header but keeps its bytes in our memory, where they can be
/// looked at after its end.
QByteArray arrayOver(std::array<char, 13> &memory)
{
    const auto allocated = QTypedArrayData<char>::allocate(1);
    return QByteArray(QByteArray::DataPointer(allocated.first, memory.data(), memory.size()));
}

} // namespace

class SecretTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyByDefault();
    void givesItsBytesOnlyOnRequest();
    void sharesItsBytesWithCopies();
    void leavesTheCallersCopyAlone();
    void wipesWithItsLastOwner();
    void wipesWhenItIsReplaced();
    void doesNotWipeSharedBytes();
    void doesNotWriteToLiterals();
    void hintsAtLongSecretsOnly_data();
    void hintsAtLongSecretsOnly();
};

void SecretTest::isEmptyByDefault()
{
    QVERIFY(Secret().isEmpty());
    QVERIFY(Secret(QByteArray()).isEmpty());
    QVERIFY(Secret().reveal().isEmpty());
}

void SecretTest::givesItsBytesOnlyOnRequest()
{
    const Secret secret(QByteArray("sk-0123456789"));
    QVERIFY(!secret.isEmpty());
    QCOMPARE(secret.reveal(), "sk-0123456789");
}

void SecretTest::sharesItsBytesWithCopies()
{
    Secret copy;
    {
        const Secret original(QByteArray("sk-0123456789"));
        copy = original;
        QCOMPARE(copy.reveal().constData(), original.reveal().constData());
    }
    QCOMPARE(copy.reveal(), "sk-0123456789");
    const Secret moved = std::move(copy);
    QCOMPARE(moved.reveal(), "sk-0123456789");
}

void SecretTest::leavesTheCallersCopyAlone()
{
    QByteArray kept;
    {
        const Secret secret(QByteArray("sk-0123456789"));
        kept = secret.reveal();
    }
    QCOMPARE(kept, "sk-0123456789");
}

void SecretTest::wipesWithItsLastOwner()
{
    std::array<char, 13> memory = sample;
    auto first = std::make_unique<Secret>(arrayOver(memory));
    auto second = std::make_unique<Secret>(*first);
    first.reset();
    QCOMPARE(memory, sample);
    second.reset();
    QCOMPARE(memory, (std::array<char, 13>{}));
}

void SecretTest::wipesWhenItIsReplaced()
{
    std::array<char, 13> memory = sample;
    Secret secret(arrayOver(memory));
    secret = Secret(QByteArray("another"));
    QCOMPARE(memory, (std::array<char, 13>{}));
    QCOMPARE(secret.reveal(), "another");
}

void SecretTest::doesNotWipeSharedBytes()
{
    QByteArray shared("sk-0123456789");
    const QByteArray other = shared;
    wipe(shared);
    QVERIFY(shared.isEmpty());
    QCOMPARE(other, "sk-0123456789");
}

void SecretTest::doesNotWriteToLiterals()
{
    using namespace Qt::StringLiterals;
    QByteArray literal = "sk-0123456789"_ba;
    wipe(literal);
    QCOMPARE("sk-0123456789"_ba, QByteArray("sk-0123456789"));
    QVERIFY(literal.isEmpty());
}

void SecretTest::hintsAtLongSecretsOnly_data()
{
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("hint");
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("eleven") << QByteArray("01234567890") << QByteArray();
    QTest::newRow("twelve") << QByteArray("012345678901") << QByteArray("8901");
    QTest::newRow("key") << QByteArray("sk-proj-abcdefghijklmnopWXYZ") << QByteArray("WXYZ");
}

void SecretTest::hintsAtLongSecretsOnly()
{
    QFETCH(QByteArray, secret);
    QTEST(Secret(secret).hint(), "hint");
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::SecretTest)
#include "tst_secret.moc"

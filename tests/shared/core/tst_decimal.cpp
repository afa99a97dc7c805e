#include "shared/core/decimal.h"
#include "tests/shared/dice.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

class DecimalTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsExactly_data();
    void readsExactly();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void readsBackAnyScale();
    void takesHugeTextsInLinearTime();
};

void DecimalTest::readsExactly_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("scale");
    QTest::addColumn<qint64>("value");
    QTest::newRow("exponent down") << u"2.5e-06"_s << 12 << 2'500'000LL;
    QTest::newRow("exponent up") << u"1.5E+3"_s << 2 << 150'000LL;
    QTest::newRow("exponent without sign") << u"2e3"_s << 0 << 2'000LL;
    QTest::newRow("exponent zero") << u"2e-0"_s << 0 << 2LL;
    QTest::newRow("zeros carried by the exponent") << u"1000e-3"_s << 0 << 1LL;
    QTest::newRow("zero with any exponent") << u"0e999999999999999999999"_s << 0 << 0LL;
    QTest::newRow("zero with any decimals") << u"-0.00000000000000000000"_s << 0 << 0LL;
    QTest::newRow("needless decimals") << u"1.50000"_s << 1 << 15LL;
    QTest::newRow("nineteen digits")
        << u"9223372036854775807"_s << 0 << std::numeric_limits<qint64>::max();
    QTest::newRow("lowest") << u"-9223372036854775808"_s << 0 << std::numeric_limits<qint64>::min();
}

void DecimalTest::readsExactly()
{
    QFETCH(QString, text);
    QFETCH(int, scale);
    const auto value = parseDecimal(text, scale, Exponent::Accept);
    QVERIFY(value);
    QTEST(qint64(*value), "value");
}

void DecimalTest::saysWhatIsWrong_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<DecimalFault>("fault");
    QTest::newRow("exponent without digits") << u"1e"_s << DecimalFault::Malformed;
    QTest::newRow("exponent with a sign only") << u"1e-"_s << DecimalFault::Malformed;
    QTest::newRow("fraction in the exponent") << u"1e1.5"_s << DecimalFault::Malformed;
    QTest::newRow("two signs") << u"1e+-1"_s << DecimalFault::Malformed;
    QTest::newRow("too fine") << u"1e-3"_s << DecimalFault::TooFine;
    QTest::newRow("much too fine") << u"1e-99999999999999999999"_s << DecimalFault::TooFine;
    QTest::newRow("too large") << u"1e18"_s << DecimalFault::TooLarge;
    QTest::newRow("much too large") << u"1e99999999999999999999"_s << DecimalFault::TooLarge;
    QTest::newRow("one too large") << u"92233720368547758.08"_s << DecimalFault::TooLarge;
}

void DecimalTest::saysWhatIsWrong()
{
    QFETCH(QString, text);
    const auto value = parseDecimal(text, 2, Exponent::Accept);
    QVERIFY(!value);
    QTEST(value.error(), "fault");
}

void DecimalTest::readsBackAnyScale()
{
    Dice dice(3);
    for (int i = 0; i < 100'000; ++i) {
        dice.next();
        const std::int64_t value = dice.ofAnySize();
        const int scale = static_cast<int>(dice.between(0, 18));
        const QString text = decimalText(value, scale);
        QVERIFY2(parseDecimal(text, scale) == value, dice.where() + ": " + text.toLatin1());
    }
}

void DecimalTest::takesHugeTextsInLinearTime()
{
    const QString zeros(1'000'000, u'0');
    QCOMPARE(parseDecimal(zeros + u'1' + u'.' + zeros, 0).value(), 1);
    QCOMPARE(parseDecimal(QString(1'000'000, u'7'), 0).error(), DecimalFault::TooLarge);
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::DecimalTest)
#include "tst_decimal.moc"

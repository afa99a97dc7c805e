// labels: unit money
#include "shared/models/pico_usd.h"
#include "tests/shared/dice.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

class PicoUsdTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsPricesPerUnit_data();
    void readsPricesPerUnit();
    void readsPricesPerMillion_data();
    void readsPricesPerMillion();
    void refusesWhatIsNoPrice_data();
    void refusesWhatIsNoPrice();
    void readsBackWhatItWrote();
};

void PicoUsdTest::readsPricesPerUnit_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("price");
    QTest::newRow("exponent") << u"2.5e-06"_s << 2'500'000LL;
    QTest::newRow("digits") << u"0.0000025"_s << 2'500'000LL;
    QTest::newRow("finest") << u"1e-12"_s << 1LL;
    QTest::newRow("free") << u"0"_s << 0LL;
    QTest::newRow("per image") << u"0.04"_s << 40'000'000'000LL;
    QTest::newRow("highest") << u"1e6"_s << qint64(highestUnitPrice);
}

void PicoUsdTest::readsPricesPerUnit()
{
    QFETCH(QString, text);
    const auto price = fromUsdPerUnit(text);
    QVERIFY2(price, qPrintable(price.error_or(QString())));
    QTEST(qint64(*price), "price");
}

void PicoUsdTest::readsPricesPerMillion_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("price");
    QTest::newRow("dollars") << u"2.50"_s << 2'500'000LL;
    QTest::newRow("the finest of any provider") << u"0.01875"_s << 18'750LL;
    QTest::newRow("one pico") << u"0.000001"_s << 1LL;
}

void PicoUsdTest::readsPricesPerMillion()
{
    QFETCH(QString, text);
    QTEST(qint64(fromUsdPerMillion(text).value()), "price");
}

void PicoUsdTest::refusesWhatIsNoPrice_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("problem");
    QTest::newRow("negative") << u"-0.01"_s << u"must not be negative"_s;
    QTest::newRow("too fine") << u"1.5e-12"_s
                              << u"must be a whole number of pico-USD (1e-12 USD) per unit"_s;
    QTest::newRow("too high") << u"1000000.000000000001"_s
                              << u"must not be more than a million USD per unit"_s;
    QTest::newRow("beyond 64 bits")
        << u"1e300"_s << u"must not be more than a million USD per unit"_s;
    QTest::newRow("no number") << u"free"_s
                               << u"must be a price in USD such as 0.0000025 or 2.5e-06"_s;
    QTest::newRow("empty") << QString() << u"must be a price in USD such as 0.0000025 or 2.5e-06"_s;
}

void PicoUsdTest::refusesWhatIsNoPrice()
{
    QFETCH(QString, text);
    const auto price = fromUsdPerUnit(text);
    QVERIFY(!price);
    QTEST(price.error(), "problem");
}

void PicoUsdTest::readsBackWhatItWrote()
{
    Dice dice(12);
    for (int i = 0; i < 100'000; ++i) {
        dice.next();
        const PicoUsd price = std::min<PicoUsd>(dice.countOfAnySize(), highestUnitPrice);
        QVERIFY2(fromUsdPerUnit(toUsdPerUnit(price)) == price, dice.where());
    }
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::PicoUsdTest)
#include "tst_pico_usd.moc"

#include "gateway/config/scalar_text.h"

#include <QTest>

#include <limits>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace delta::config {

class ScalarTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsDurations_data();
    void readsDurations();
    void readsSizes_data();
    void readsSizes();
    void readsWholeNumbers_data();
    void readsWholeNumbers();
    void readsFlags_data();
    void readsFlags();
    void readsBackWhatItWrites_data();
    void readsBackWhatItWrites();
};

namespace {

constexpr qint64 none = std::numeric_limits<qint64>::min();

void addCases(std::initializer_list<std::pair<const char *, qint64>> cases)
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("expected");
    for (const auto &[text, expected] : cases) {
        QTest::newRow(*text ? text : "(empty)") << QString::fromUtf8(text) << expected;
    }
}

} // namespace

void ScalarTextTest::readsDurations_data()
{
    addCases(
        {{"10s", 10'000},         {"500ms", 500},   {"5m", 300'000},  {"2h", 7'200'000},
         {"1d", 86'400'000},      {"30", 30'000},   {"0", 0},         {"0.25", 250},
         {"300.0", 300'000},      {"1.5m", 90'000}, {"10 s", 10'000}, {"1.0000", 1'000},
         {"0.5ms", none},         {"0.0001", none}, {"", none},       {"s", none},
         {"-1s", none},           {"1e3", none},    {"10x", none},    {"10S", none},
         {"1.2.3", none},         {"1.", none},     {".5", none},     {"9223372036854775807", none},
         {"999999999999d", none}, {"１０s", none}});
}

void ScalarTextTest::readsDurations()
{
    QFETCH(QString, text);
    QFETCH(qint64, expected);
    const auto duration = parseDuration(text);
    QCOMPARE(duration ? duration->count() : none, expected);
}

void ScalarTextTest::readsSizes_data()
{
    addCases({{"0", 0},
              {"1024", 1'024},
              {"1B", 1},
              {"64KiB", 65'536},
              {"32MiB", 33'554'432},
              {"1GiB", 1'073'741'824},
              {"4 KiB", 4'096},
              {"32MB", none},
              {"1.5KiB", none},
              {"-1", none},
              {"", none},
              {"KiB", none},
              {"9223372036854775807", std::numeric_limits<qint64>::max()},
              {"9223372036854775807KiB", none},
              {"010", none}});
}

void ScalarTextTest::readsSizes()
{
    QFETCH(QString, text);
    QFETCH(qint64, expected);
    QCOMPARE(parseBytes(text).value_or(none), expected);
}

void ScalarTextTest::readsWholeNumbers_data()
{
    addCases({{"0", 0},
              {"42", 42},
              {"-7", -7},
              {"012", none},
              {"-012", none},
              {"+1", none},
              {"1.0", none},
              {"1_000", none},
              {"0x10", none},
              {"", none},
              {"-", none},
              {" 1", none},
              {"9223372036854775808", none}});
}

void ScalarTextTest::readsWholeNumbers()
{
    QFETCH(QString, text);
    QFETCH(qint64, expected);
    QCOMPARE(parseInteger(text).value_or(none), expected);
}

void ScalarTextTest::readsFlags_data()
{
    addCases({{"true", 1},
              {"True", 1},
              {"YES", 1},
              {"on", 1},
              {"false", 0},
              {"No", 0},
              {"off", 0},
              {"1", none},
              {"", none},
              {"y", none},
              {"truthy", none}});
}

void ScalarTextTest::readsFlags()
{
    QFETCH(QString, text);
    QFETCH(qint64, expected);
    const auto flag = parseFlag(text);
    QCOMPARE(flag ? qint64(*flag) : none, expected);
}

void ScalarTextTest::readsBackWhatItWrites_data()
{
    QTest::addColumn<qint64>("amount");
    for (const qint64 amount : {0LL, 1LL, 999LL, 1'000LL, 1'500LL, 60'000LL, 61'000LL, 90'000LL,
                                3'600'000LL, 86'400'000LL, 1'024LL, 1'048'577LL, 1LL << 30}) {
        QTest::addRow("%lld", amount) << amount;
    }
}

void ScalarTextTest::readsBackWhatItWrites()
{
    QFETCH(qint64, amount);
    const auto duration = std::chrono::milliseconds(amount);
    QCOMPARE(parseDuration(formatDuration(duration)), duration);
    QCOMPARE(parseBytes(formatBytes(amount)), amount);
}

} // namespace delta::config

QTEST_APPLESS_MAIN(delta::config::ScalarTextTest)
#include "tst_scalar_text.moc"

#include "gateway/telemetry/log_text.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace delta;
using namespace delta::telemetry;
using namespace Qt::StringLiterals;

namespace {

/// Makes a name known at compile time a template argument.
template <std::size_t size>
struct Name {
    constexpr Name(const char (&text)[size]) // NOLINT(google-explicit-constructor)
    {
        std::ranges::copy(text, characters);
    }
    char characters[size];
};

template <Name name>
concept CanBeLogged = requires { typename std::bool_constant<(LogKey(name.characters), true)>; };

// Fields that are not on the list do not compile.
static_assert(CanBeLogged<"request_id">);
static_assert(!CanBeLogged<"prompt">);
static_assert(!CanBeLogged<"api_key">);
static_assert(!CanBeLogged<"">);

LogRecord recordWith(const QByteArray &value)
{
    return {.time = WallTime(std::chrono::milliseconds(1'800'000'000'007)),
            .level = LogLevel::Warning,
            .category = "delta.test",
            .message = "Something happened.",
            .fields = {{"model", value}, {"status", 502}}};
}

const QByteArray forgedLine =
    "x\"}\n{\"time\":\"2027-01-15T08:00:00.000Z\",\"level\":\"info\",\"message\":\"forged\"}";

} // namespace

class LogTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesOneJsonObjectPerLine()
    {
        LogRecord record = recordWith("fast");
        record.fields.push_back({"cost_usd", Money::fromNanos(125'000)});
        record.fields.push_back({"latency_ms", std::chrono::microseconds(123'456)});
        record.fields.push_back({"stream", true});
        QCOMPARE(jsonLine(record),
                 "{\"time\":\"2027-01-15T08:00:00.007Z\",\"level\":\"warning\",\"category\":"
                 "\"delta.test\","
                 "\"message\":\"Something "
                 "happened.\",\"model\":\"fast\",\"status\":502,\"cost_usd\":0.000125,"
                 "\"latency_ms\":123.456,\"stream\":true}\n");
    }

    void writesLinesForPeople()
    {
        QCOMPARE(textLine(recordWith("fast")),
                 "2027-01-15T08:00:00.007Z WARNING delta.test: Something happened. model=fast "
                 "status=502\n");
        QVERIFY(textLine(recordWith("two words")).contains(" model=\"two words\" "));
        QVERIFY(textLine(recordWith("")).contains(" model=\"\" "));
    }

    void writesFieldsForTheJournal()
    {
        QCOMPARE(
            journalFields(recordWith("fast")),
            (QByteArrayList{"MESSAGE=Something happened. model=fast status=502", "PRIORITY=4",
                            "SYSLOG_IDENTIFIER=deltallm-gateway", "DELTALLM_CATEGORY=delta.test",
                            "DELTALLM_MODEL=fast", "DELTALLM_STATUS=502"}));
    }

    void mapsLevelsToPriorities()
    {
        LogRecord record;
        QByteArrayList priorities;
        for (const LogLevel level :
             {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error}) {
            record.level = level;
            priorities.append(journalFields(record).at(1));
        }
        QCOMPARE(priorities.join(' '), "PRIORITY=7 PRIORITY=6 PRIORITY=4 PRIORITY=3");
    }

    void keepsHostileValuesWithinTheirField_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("a forged line") << forgedLine;
        QTest::newRow("carriage return") << QByteArray("x\rlevel=error y");
        QTest::newRow("a forged field") << QByteArray("x\" status=200 y=\"");
        QTest::newRow("terminal escape") << QByteArray("x\x1b[2J\x1b]0;title\x07");
        QTest::newRow("eight-bit terminal escape") << QByteArray("x\xc2\x9b"
                                                                 "2J");
        QTest::newRow("NUL") << QByteArray("x\0y", 3);
        QTest::newRow("delete") << QByteArray("x\x7fy");
        QTest::newRow("bidi override") << QByteArray("x\xe2\x80\xae"
                                                     "evil");
        QTest::newRow("line separator") << QByteArray("x\xe2\x80\xa8y");
        QTest::newRow("not UTF-8") << QByteArray("x\xff\xfe\xc0\x80");
        QTest::newRow("backslashes") << QByteArray("x\\\\\"\\");
        QTest::newRow("a journal field") << QByteArray("x\nPRIORITY=0\nMESSAGE=forged");
    }

    void keepsHostileValuesWithinTheirField()
    {
        QFETCH(QByteArray, value);
        const QByteArray json = jsonLine(recordWith(value));
        QVERIFY2(isOneSafeLine(json), json.constData());
        QJsonParseError error;
        const QJsonObject object = QJsonDocument::fromJson(json, &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        QCOMPARE(object.size(), 6);
        QCOMPARE(object["model"_L1].toString(), QString::fromUtf8(value));
        QCOMPARE(object["status"_L1].toInt(), 502);
        const QByteArray text = textLine(recordWith(value));
        QVERIFY2(isOneSafeLine(text), text.constData());
        QVERIFY(text.endsWith("\" status=502\n"));
        const QByteArrayList fields = journalFields(recordWith(value));
        QCOMPARE(fields.size(), 6);
        for (const QByteArray &field : fields) {
            QVERIFY2(isOneSafeLine(field + '\n'), field.constData());
        }
    }

    void keepsHostileMessagesWithinTheirLine()
    {
        LogRecord record = recordWith("x");
        record.message = record.category = forgedLine + "\x1b[2J";
        QVERIFY(isOneSafeLine(jsonLine(record)));
        QVERIFY(isOneSafeLine(textLine(record)));
        for (const QByteArray &field : journalFields(record)) {
            QVERIFY(isOneSafeLine(field + '\n'));
        }
    }

    void masksCredentialsEverywhere()
    {
        LogRecord record = recordWith("sk-abcdef123456");
        record.message = "Bearer abcdefgh12345678";
        for (const QByteArray &out :
             {jsonLine(record), textLine(record), journalFields(record).join('\n')}) {
            QVERIFY2(!out.contains("abcdef"), out.constData());
            QVERIFY(out.contains("***"));
        }
    }

    void cutsLongValues()
    {
        const LogValue fromBytes(QByteArray(100'000, 'x'));
        const LogValue fromText(QString(100'000, u'x'));
        QCOMPARE(fromBytes.text().size(), 512);
        QCOMPARE(fromText.text().size(), 512);
    }

    void writesEveryDateRight_data()
    {
        QTest::addColumn<qint64>("ms");
        for (const qint64 ms : {0LL, 951'782'400'000LL, 951'868'799'999LL, 1'709'164'800'001LL,
                                4'107'542'399'999LL}) {
            QTest::newRow(QByteArray::number(ms).constData()) << ms;
        }
    }

    void writesEveryDateRight()
    {
        QFETCH(qint64, ms);
        LogRecord record = recordWith("x");
        record.time = WallTime(std::chrono::milliseconds(ms));
        const QString expected =
            QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::UTC).toString(Qt::ISODateWithMs);
        QVERIFY2(textLine(record).startsWith(expected.toLatin1() + ' '),
                 textLine(record).constData());
    }

private:
    /// Says whether the line feed at the end is the only character that is not printable.
    static bool isOneSafeLine(const QByteArray &line)
    {
        const QString text = QString::fromUtf8(line);
        return text.endsWith(u'\n')
            && std::ranges::all_of(QStringView(text).chopped(1), [](QChar c) {
                   return c.isPrint() || c == QChar(QChar::ReplacementCharacter);
               });
    }
};

QTEST_GUILESS_MAIN(LogTextTest)
#include "tst_log_text.moc"

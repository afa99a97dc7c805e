#include "gateway/telemetry/journal_target.h"
#include "gateway/telemetry/log_target.h"
#include "gateway/telemetry/stream_target.h"

#include <QTemporaryFile>
#include <QtTest>
#include <sys/stat.h>

using namespace delta::telemetry;

class LogTargetTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_file = std::make_unique<QTemporaryFile>();
        QVERIFY(m_file->open());
        struct stat facts{};
        QCOMPARE(::fstat(m_file->handle(), &facts), 0);
        m_stream = QByteArray::number(qulonglong{facts.st_dev}) + ':'
            + QByteArray::number(qulonglong{facts.st_ino});
    }

    void cleanup()
    {
        qunsetenv("JOURNAL_STREAM");
    }

    void recognisesTheJournalsStream()
    {
        QVERIFY(isJournalStream(m_file->handle(), m_stream));
        QVERIFY(!isJournalStream(m_file->handle(), m_stream + '1'));
        QVERIFY(!isJournalStream(m_file->handle(), ""));
        QVERIFY(!isJournalStream(m_file->handle(), "nonsense"));
        QVERIFY(!isJournalStream(-1, m_stream));
    }

    void choosesTheJournalOnlyForItsStream()
    {
        QVERIFY(dynamic_cast<StreamTarget *>(makeLogTarget(LogSink::Auto, m_file->handle()).get()));
        qputenv("JOURNAL_STREAM", m_stream);
        QVERIFY(
            dynamic_cast<JournalTarget *>(makeLogTarget(LogSink::Auto, m_file->handle()).get()));
        QVERIFY(dynamic_cast<StreamTarget *>(makeLogTarget(LogSink::Json, m_file->handle()).get()));
        QVERIFY(dynamic_cast<JournalTarget *>(makeLogTarget(LogSink::Journal, -1).get()));
    }

    void writesTheFormThatWasAskedFor()
    {
        LogRecord record;
        record.message = "one";
        const std::array records{record, record};
        QCOMPARE(makeLogTarget(LogSink::Json, m_file->handle())->write(records), std::size_t{0});
        QCOMPARE(makeLogTarget(LogSink::Text, m_file->handle())->write(records), std::size_t{0});
        QVERIFY(m_file->seek(0));
        const QByteArrayList lines = m_file->readAll().split('\n');
        QCOMPARE(lines.size(), 5);
        QVERIFY(lines[1].startsWith('{'));
        QVERIFY(lines[2].startsWith("1970-"));
    }

    void countsLinesThatCannotBeWritten()
    {
        LogRecord record;
        const std::array records{record, record, record};
        QCOMPARE(makeLogTarget(LogSink::Json, -1)->write(records), std::size_t{3});
    }

private:
    std::unique_ptr<QTemporaryFile> m_file;
    QByteArray m_stream;
};

QTEST_GUILESS_MAIN(LogTargetTest)
#include "tst_log_target.moc"

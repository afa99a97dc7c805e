// labels: db money
#include "gateway/store/database.h"
#include "gateway/store/sqlite_store.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <tuple>

using namespace delta;
using namespace delta::store;
using delta::test::sampleEntry;

class VerificationTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    SystemClock m_clock;
    std::unique_ptr<SqliteStore> m_store;

    QString path() const
    {
        return m_folder->filePath(QStringLiteral("deltallm.db"));
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::make_unique<SqliteStore>(path(), m_clock);
        ports::StoredKey key;
        key.key.id = QStringLiteral("key00001");
        key.mac = QByteArray(32, 'm');
        QVERIFY(m_store->insertKey(key).has_value());
        for (std::uint64_t offset = 8; offset < 80; offset += 8) {
            SpendEntry entry = sampleEntry("req-" + QByteArray::number(quint64(offset)));
            entry.keyId = offset % 16 == 0 ? "key00001" : "master";
            QVERIFY(m_store->apply({{offset, entry}}, {offset + 8, offset + 8}).has_value());
        }
    }

    void findsAnEmptyLedgerSound()
    {
        SqliteStore empty(m_folder->filePath(QStringLiteral("empty.db")), m_clock);
        QVERIFY(empty.verify().value().isSound());
    }

    void findsWhatWasPostedSound()
    {
        const Verification found = m_store->verify().value();
        QVERIFY2(found.isSound(), qPrintable(found.toText()));
        QCOMPARE(found.events.rows, 9);
        QCOMPARE(found.events.spend.nanos(), 9 * sampleEntry("").cost.nanos());
        QCOMPARE(found.keys.spend.nanos(), 4 * sampleEntry("").cost.nanos());
        QCOMPARE(found.otherCalls.spend.nanos(), 5 * sampleEntry("").cost.nanos());
        QVERIFY(found.toText().contains(QStringLiteral("The ledger adds up.")));
        QVERIFY(found.toText().contains(found.events.spend.toUsd()));
    }

    void staysSoundBesideAGatewayThatPosts()
    {
        std::atomic<bool> isPosting = true;
        std::thread poster([this, &isPosting] {
            for (std::uint64_t offset = 80; isPosting; offset += 8) {
                const SpendEntry entry = sampleEntry("req-" + QByteArray::number(quint64(offset)));
                std::ignore = m_store->apply({{offset, entry}}, {offset + 8, offset + 8});
            }
        });
        QStringList mismatches;
        qint64 seen = 0;
        // A thread that has a store open reads through a connection of its own.
        SqliteStore auditor(path(), m_clock);
        for (int i = 0; i < 200 && mismatches.isEmpty(); ++i) {
            const Verification found = auditor.verify().value();
            mismatches = found.mismatches;
            seen = found.events.rows;
        }
        isPosting = false;
        poster.join();
        QCOMPARE(mismatches, QStringList());
        QVERIFY(seen > 9);
    }

    void detectsATamperedRow_data()
    {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("sentence");
        const auto add = [](const char *name, const char *statement, const char *sentence) {
            QTest::newRow(name) << QString::fromLatin1(statement) << QString::fromLatin1(sentence);
        };
        add("cost of an event", "UPDATE spend_events SET cost_nanos = cost_nanos - 1 WHERE id = 16",
            "hour ");
        add("tokens of an event", "UPDATE spend_events SET output_tokens = 0 WHERE id = 16",
            "hour ");
        add("reasoning of an event", "UPDATE spend_events SET reasoning_tokens = 1 WHERE id = 16",
            "hour ");
        add("key of an event", "UPDATE spend_events SET key_ref = 0 WHERE id = 16",
            "key 'key00001'");
        add("time of an event", "UPDATE spend_events SET started_at = 0 WHERE id = 16",
            "hour 1970-01-01T00Z");
        add("removed event", "DELETE FROM spend_events WHERE id = 16", "3 calls");
        add("removed events", "DELETE FROM spend_events", "the events have nothing");
        add("doubled event",
            "INSERT INTO spend_events SELECT 17, request_id, client_request_id, operation_ref, "
            "key_ref, user_ref, team_ref,"
            " model_ref, deployment_ref, provider_ref, upstream_model_ref, end_user, started_at, "
            "latency_us,"
            " first_byte_us, upstream_us, input_tokens, output_tokens, cache_read_tokens, "
            "cache_write_tokens,"
            " reasoning_tokens, audio_input_tokens, audio_output_tokens, images, usage_source, "
            "cost_nanos, is_priced,"
            " is_stream, outcome, status, error_code FROM spend_events WHERE id = 16",
            "request req-16: 2 events");
        add("roll-up", "UPDATE spend_hourly SET spend_nanos = spend_nanos + 1", "hour ");
        add("requests of a roll-up", "UPDATE spend_hourly SET requests = 1", "1 calls");
        add("removed roll-ups", "DELETE FROM spend_hourly", "the roll-up has nothing");
        add("spend of a key", "UPDATE virtual_keys SET spend_nanos = 0",
            "key 'key00001': it says that it spent 0 USD");
        add("position", "UPDATE journal_state SET applied = 40", "event 40 (request req-40)");
        add("removed name", "DELETE FROM names WHERE name = 'gpt-x'", "references to names");
    }
    void detectsATamperedRow()
    {
        QFETCH(const QString, statement);
        QFETCH(const QString, sentence);
        QVERIFY(Database::open(path()).value()->execute(statement).has_value());
        const Verification found = m_store->verify().value();
        QVERIFY(!found.isSound());
        QVERIFY2(found.toText().contains(sentence), qPrintable(found.toText()));
        QVERIFY(found.toText().contains(QStringLiteral("MISMATCH")));
        QVERIFY(found.toText().endsWith(QStringLiteral("The ledger does not add up.\n")));
    }
};

QTEST_GUILESS_MAIN(VerificationTest)
#include "tst_verification.moc"

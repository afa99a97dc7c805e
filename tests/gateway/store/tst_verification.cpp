// labels: db money
// services: postgres
// dialects: both
#include "gateway/store/database.h"
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

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
using delta::test::StorePlace;

class VerificationTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;

    QString path() const
    {
        return m_place->address();
    }

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(path(), m_clock, QStringLiteral("journal"));
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
        const StorePlace place;
        Store empty(place.address(), m_clock);
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
        Store auditor(path(), m_clock, QStringLiteral("journal"));
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
        const auto add = [](const char *name, const QByteArray &statement, const char *sentence) {
            QTest::newRow(name) << QString::fromLatin1(statement) << QString::fromLatin1(sentence);
        };
        add("cost of an event",
            "UPDATE spend_events SET cost_nanos = cost_nanos - 1 WHERE request_id = 'req-16'",
            "hour ");
        add("tokens of an event",
            "UPDATE spend_events SET output_tokens = 0 WHERE request_id = 'req-16'", "hour ");
        add("reasoning of an event",
            "UPDATE spend_events SET reasoning_tokens = 1 WHERE request_id = 'req-16'", "hour ");
        add("key of an event", "UPDATE spend_events SET key_ref = 0 WHERE request_id = 'req-16'",
            "key 'key00001'");
        add("time of an event",
            "UPDATE spend_events SET started_at = started_at - 3600000 WHERE request_id = 'req-16'",
            "the events have 1 calls");
        add("removed event", "DELETE FROM spend_events WHERE request_id = 'req-16'", "3 calls");
        add("removed events", "DELETE FROM spend_events", "the events have nothing");
        add("doubled event",
            "INSERT INTO spend_events SELECT id + 1, request_id, client_request_id, operation_ref, "
            "key_ref, user_ref, team_ref, model_ref, deployment_ref, provider_ref, "
            "upstream_model_ref, end_user, started_at, latency_us, first_byte_us, upstream_us, "
            "input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, "
            "audio_input_tokens, audio_output_tokens, images, usage_source, cost_nanos, is_priced, "
            "is_stream, outcome, status, error_code, organization_ref, tags FROM spend_events "
            "WHERE request_id = 'req-16'",
            "request req-16: 2 events");
        add("roll-up", "UPDATE spend_hourly SET spend_nanos = spend_nanos + 1", "hour ");
        add("requests of a roll-up", "UPDATE spend_hourly SET requests = 1", "1 calls");
        add("removed roll-ups", "DELETE FROM spend_hourly", "the roll-up has nothing");
        add("sum of a team", "UPDATE spend_rollups SET spend_nanos = 1 WHERE dimension = 3",
            "sums of team");
        add("failed calls of a key",
            "UPDATE spend_rollups SET failed_requests = 1 WHERE dimension = 1", "sums of key");
        add("failed calls of a tag",
            "UPDATE spend_rollups SET failed_requests = 1 WHERE dimension = 8", "sums of tag");
        add("day of a key and a model", "UPDATE spend_daily SET images = images + 1",
            "day 2026-05-28, key 'key00001', model 'gpt-x': the hours have 4 calls");
        add("removed days", "DELETE FROM spend_daily", "the day has nothing");
        add("removed hours", "DELETE FROM spend_hourly", "the hours have nothing");
        add("removed day", "DELETE FROM spend_rollups WHERE dimension = 0 AND seconds = 86400",
            "sums of all calls");
        add("sum of a mix", "UPDATE spend_rollups SET requests = 1 WHERE dimension = 11",
            "sums of mix");
        add("removed mixes", "DELETE FROM spend_mixes", "sums of mix");
        add("all that a key spent",
            "UPDATE spend_rollups SET spend_nanos = 1 WHERE dimension = 1 AND seconds = 0",
            "sums of key, slot 0 of 0 seconds");
        add("removed tag of a call", "DELETE FROM spend_event_tags WHERE event_id % 65536 = 16",
            "sums of tag");
        const QByteArray table = StorePlace::isPostgres() ? "journals" : "journal_state";
        add("position", "UPDATE " + table + " SET applied = 40", "(request req-40)");
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

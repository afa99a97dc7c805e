// labels: db
#include "gateway/store/alert_outbox.h"
#include "gateway/store/store.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::store;
using ports::AlertMark;
using ports::AlertRecord;
using ports::NewAlert;

namespace {

constexpr WallTime now = WallTime(1'795'824'000'000ms);

AlertMark markOf(const QString &budget, const QString &threshold = u"50"_s)
{
    return {budget, threshold, Money::fromNanos(100), now - 1h, now + 1h};
}

NewAlert alertOf(const QString &id, const QStringList &channels = {u"webhook"_s}, WallTime at = now)
{
    return {id, "{\"id\":\"名前\"}", at, channels};
}

} // namespace

class AlertRepositoryTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<AlertOutbox> m_outbox;

    [[nodiscard]] QString path() const
    {
        return m_folder->filePath(u"deltallm.db"_s);
    }
    [[nodiscard]] QString claim(const QString &channel, WallTime at)
    {
        const auto claimed = m_outbox->claim(channel, {at, at + 60s}).value();
        return claimed ? claimed->place.id : QString();
    }
    [[nodiscard]] std::vector<AlertRecord> records()
    {
        return m_outbox->newest(100).value();
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::make_unique<Store>(path(), m_clock);
        m_outbox = std::make_unique<AlertOutbox>(*m_store);
    }
    void cleanup()
    {
        const Verification verification = m_store->verify().value();
        QVERIFY2(verification.isSound(), qPrintable(verification.toText()));
        m_outbox.reset();
        m_store.reset();
    }

    void queuesAnAlertForEachChannel()
    {
        QVERIFY(
            m_outbox->raise(markOf(u"b"_s), alertOf(u"a1"_s, {u"webhook"_s, u"email"_s})).value());
        const auto all = records();
        QCOMPARE(all.size(), 2U);
        QVERIFY((all[0].place == ports::AlertPlace{u"a1"_s, u"email"_s}));
        QVERIFY((all[1].place == ports::AlertPlace{u"a1"_s, u"webhook"_s}));
        QCOMPARE(all[0].state, u"queued"_s);
        QCOMPARE(all[0].event, alertOf({}).event);
        QVERIFY(all[0].createdAt == now && all[0].dueAt == now);
        QCOMPARE(all[0].attempts, 0);
        QCOMPARE(all[0].error, QString());
        QCOMPARE(m_outbox->queued().value(), 2);
    }

    void takesNothingThatWasTold()
    {
        QVERIFY(m_outbox->raise(markOf(u"b"_s), alertOf(u"a1"_s)).value());
        QVERIFY(!m_outbox->raise(markOf(u"b"_s), alertOf(u"a2"_s)).value());
        QCOMPARE(records().size(), 1U);
    }

    void tellsApartEachPartOfAMark()
    {
        const AlertMark mark = markOf(u"b"_s);
        QVERIFY(m_outbox->raise(mark, alertOf(u"a0"_s)).value());
        AlertMark other = mark;
        other.budgetId = u"c"_s;
        QVERIFY(m_outbox->raise(other, alertOf(u"a1"_s)).value());
        other = mark;
        other.threshold = u"soft"_s;
        QVERIFY(m_outbox->raise(other, alertOf(u"a2"_s)).value());
        other = mark;
        other.amount = Money::fromNanos(101);
        QVERIFY(m_outbox->raise(other, alertOf(u"a3"_s)).value());
        other = mark;
        other.window = now;
        QVERIFY(m_outbox->raise(other, alertOf(u"a4"_s)).value());
    }

    void takesAnExpiredMarkAnew()
    {
        AlertMark mark = markOf(u"b"_s);
        QVERIFY(m_outbox->raise(mark, alertOf(u"a1"_s)).value());
        mark.expiresAt = now + 2h;
        QVERIFY(!m_outbox->raise(mark, alertOf(u"a2"_s, {u"w"_s}, now + 1h - 1ms)).value());
        QVERIFY(m_outbox->raise(mark, alertOf(u"a3"_s, {u"w"_s}, now + 1h)).value());
        QVERIFY(!m_outbox->raise(mark, alertOf(u"a4"_s, {u"w"_s}, now + 1h)).value());
        mark.threshold = u"80"_s;
        mark.expiresAt.reset();
        QVERIFY(m_outbox->raise(mark, alertOf(u"a5"_s)).value());
        QVERIFY(!m_outbox->raise(mark, alertOf(u"a6"_s, {u"w"_s}, now + 10'000h)).value());
    }

    void notesNothingThatItCannotQueue()
    {
        QVERIFY(m_outbox->raise(markOf(u"b"_s), alertOf(u"a1"_s)).value());
        QVERIFY(!m_outbox->raise(markOf(u"c"_s), alertOf(u"a1"_s))); // The id is taken.
        QVERIFY(m_outbox->raise(markOf(u"c"_s), alertOf(u"a2"_s)).value());
    }

    void forgetsWhatWasToldOfARemovedBudget()
    {
        Budget budget;
        budget.id = u"b"_s;
        budget.scopeId = u"k"_s;
        QVERIFY(m_store->insertBudget(budget));
        QVERIFY(m_outbox->raise(markOf(u"b"_s), alertOf(u"a1"_s)).value());
        QVERIFY(m_outbox->raise(markOf(u"c"_s), alertOf(u"a2"_s)).value());
        QVERIFY(m_store->removeBudget(u"b"_s).value());
        QVERIFY(m_outbox->raise(markOf(u"b"_s), alertOf(u"a3"_s)).value());
        QVERIFY(!m_outbox->raise(markOf(u"c"_s), alertOf(u"a4"_s)).value());
        QCOMPARE(records().size(), 3U); // What was queued of it is sent all the same.
    }

    void givesOutWhatIsDueForTheLongestTime()
    {
        QVERIFY(
            m_outbox->raise(markOf(u"b"_s), alertOf(u"late"_s, {u"webhook"_s}, now + 5s)).value());
        QVERIFY(m_outbox->raise(markOf(u"c"_s), alertOf(u"early"_s)).value());
        QVERIFY(m_outbox->raise(markOf(u"d"_s), alertOf(u"mail"_s, {u"email"_s})).value());
        QCOMPARE(claim(u"webhook"_s, now - 1ms), QString());
        QCOMPARE(claim(u"webhook"_s, now + 10s), u"early"_s);
        QCOMPARE(claim(u"webhook"_s, now + 10s), u"late"_s);
        QCOMPARE(claim(u"webhook"_s, now + 10s), QString());
        QCOMPARE(claim(u"email"_s, now), u"mail"_s);
    }

    void givesOutAgainWhatNobodyReportedOf()
    {
        QVERIFY(m_outbox->raise(markOf(u"b"_s), alertOf(u"a1"_s)).value());
        QCOMPARE(claim(u"webhook"_s, now), u"a1"_s);
        QCOMPARE(claim(u"webhook"_s, now + 59s), QString());
        const auto again = m_outbox->claim(u"webhook"_s, {now + 60s, now + 120s}).value();
        QVERIFY(again);
        QCOMPARE(again->attempts, 2);
        QVERIFY(again->createdAt == now);
        QCOMPARE(again->event, alertOf({}).event);
    }

    void givesEachAlertToOneOfManyWhoAsk()
    {
        constexpr int alerts = 40;
        for (int number = 0; number < alerts; ++number) {
            QVERIFY(m_outbox->raise(markOf(u"b%1"_s.arg(number)), alertOf(u"a%1"_s.arg(number)))
                        .value());
        }
        std::atomic<int> claimed = 0;
        std::vector<std::jthread> threads;
        for (int number = 0; number < 4; ++number) {
            threads.emplace_back([this, &claimed] {
                Store store(path(), m_clock);
                AlertOutbox outbox(store);
                while (outbox.claim(u"webhook"_s, {now, now + 60s}).value()) {
                    ++claimed;
                }
            });
        }
        threads.clear();
        QCOMPARE(claimed.load(), alerts);
    }

    void keepsWhatBecameOfAnAlert()
    {
        for (const QString &id : {u"a1"_s, u"a2"_s, u"a3"_s}) {
            QVERIFY(m_outbox->raise(markOf(id), alertOf(id)).value());
            QVERIFY(!claim(u"webhook"_s, now).isEmpty());
        }
        QVERIFY(m_outbox->deliver({u"a1"_s, u"webhook"_s}, now + 1s));
        QVERIFY(m_outbox->postpone({u"a2"_s, u"webhook"_s}, now + 1h, u"it answered 500"_s));
        QVERIFY(m_outbox->giveUp({u"a3"_s, u"webhook"_s}, now + 1s, u"it answered 404"_s));
        // What has ended stays as it is.
        QVERIFY(m_outbox->postpone({u"a1"_s, u"webhook"_s}, now, u"late"_s));
        QVERIFY(m_outbox->deliver({u"a3"_s, u"webhook"_s}, now));
        const auto all = records();
        QCOMPARE(all[0].state, u"delivered"_s);
        QCOMPARE(all[0].error, QString());
        QCOMPARE(all[1].state, u"queued"_s);
        QCOMPARE(all[1].error, u"it answered 500"_s);
        QVERIFY(all[1].dueAt == now + 1h);
        QCOMPARE(all[2].state, u"given_up"_s);
        QCOMPARE(all[2].error, u"it answered 404"_s);
        QCOMPARE(m_outbox->queued().value(), 1);
        QCOMPARE(claim(u"webhook"_s, now + 10min), QString());
        QCOMPARE(claim(u"webhook"_s, now + 1h), u"a2"_s);
    }

    void forgetsWhatIsOld()
    {
        QVERIFY(m_outbox->raise(markOf(u"b"_s), alertOf(u"ended"_s)).value());
        QVERIFY(m_outbox->deliver({u"ended"_s, u"webhook"_s}, now));
        QVERIFY(m_outbox->raise(markOf(u"c"_s), alertOf(u"forgotten"_s)).value());
        QVERIFY(m_outbox->raise(markOf(u"d"_s), alertOf(u"taken"_s, {u"email"_s})).value());
        QVERIFY(m_outbox->claim(u"email"_s, {now, now + 10h}).value());
        QVERIFY(m_outbox->tidy({now, now, now}));
        QCOMPARE(records().size(), 3U);
        QCOMPARE(m_outbox->queued().value(), 2);
        QVERIFY(m_outbox->tidy({now + 1h, now + 1ms, now + 1ms}));
        QCOMPARE(records().size(), 2U);
        QCOMPARE(records()[0].state, u"given_up"_s);
        QCOMPARE(m_outbox->queued().value(), 1); // Somebody is at it.
        // The marks have expired and are gone, so a clock that is set back finds none.
        QVERIFY(m_outbox->raise(markOf(u"b"_s), alertOf(u"new"_s, {u"w"_s}, now)).value());
    }

    void listsTheNewestFirst()
    {
        QVERIFY(m_outbox->raise(markOf(u"b"_s), alertOf(u"a1"_s)).value());
        QVERIFY(m_outbox->raise(markOf(u"c"_s), alertOf(u"a2"_s, {u"w"_s}, now + 1s)).value());
        QCOMPARE(records().front().place.id, u"a2"_s);
        QCOMPARE(m_outbox->newest(1).value().size(), 1U);
    }
};

QTEST_GUILESS_MAIN(AlertRepositoryTest)
#include "tst_alert_repository.moc"

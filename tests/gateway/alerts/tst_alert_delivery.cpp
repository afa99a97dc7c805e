// labels: unit db fault
// links: gateway/store
#include "gateway/alerts/alert_delivery.h"
#include "gateway/alerts/alert_sender.h"
#include "gateway/store/alert_outbox.h"
#include "gateway/store/store.h"
#include "tests/gateway/alerts/alert_fakes.h"
#include "tests/support/loaded_random.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::alerts;
using delta::alerts::test::KeepingChannel;
using delta::alerts::test::sampleAlert;
using Sent = delta::net::SideCaller::Outcome;

namespace {

Sent refused(const QString &reason, std::optional<std::chrono::seconds> retryAfter = {})
{
    return std::unexpected(net::SideCallFailure{reason, retryAfter});
}

} // namespace

class AlertDeliveryTest : public QObject
{
    Q_OBJECT

    using Answer = KeepingChannel::Answer;

    std::unique_ptr<QTemporaryDir> m_folder;
    alerts::test::StoppedClock m_clock;
    delta::test::LoadedRandom m_random{std::byte(0x80)}; ///< Pauses are neither shorter nor longer.
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<store::AlertOutbox> m_outbox;
    std::vector<OutgoingAlert> m_sent; ///< Through "webhook".
    std::vector<OutgoingAlert> m_mailed;
    std::unique_ptr<AlertDelivery> m_delivery;
    const net::SideCaller m_caller{{}, {}};

    /// Makes the delivery of a gateway that has just started.
    void start(Answer webhook = {}, Answer email = {})
    {
        Channels channels;
        channels.push_back(
            std::make_unique<KeepingChannel>(u"webhook"_s, m_sent, std::move(webhook)));
        channels.push_back(
            std::make_unique<KeepingChannel>(u"email"_s, m_mailed, std::move(email)));
        m_delivery = std::make_unique<AlertDelivery>(
            AlertDelivery::Parts{*m_outbox, m_clock, m_random}, std::move(channels),
            AlertDelivery::Pace{24h, 7 * 24h});
    }
    void queue(const QString &id, const QStringList &channels = {u"webhook"_s})
    {
        BudgetAlert alert = sampleAlert();
        alert.id = id;
        QVERIFY(m_outbox
                    ->raise({id, u"50"_s, Money(), WallTime(), std::nullopt},
                            {id, alert.toEvent(), m_clock.now, channels})
                    .value());
    }
    void send()
    {
        const auto sent = m_delivery->sendDue(m_caller);
        QVERIFY2(sent, sent ? "" : qPrintable(sent.error().detail));
    }
    [[nodiscard]] ports::AlertRecord record(const QString &channel = u"webhook"_s) const
    {
        const auto records = m_outbox->newest(100).value();
        for (const ports::AlertRecord &record : records) {
            if (record.place.channel == channel) {
                return record;
            }
        }
        return {};
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = {};
        m_store = std::make_unique<store::Store>(m_folder->filePath(u"deltallm.db"_s), m_clock);
        m_outbox = std::make_unique<store::AlertOutbox>(*m_store);
        m_sent.clear();
        m_mailed.clear();
    }
    void cleanup()
    {
        m_delivery.reset();
        m_outbox.reset();
        m_store.reset();
    }

    void sendsThroughEachChannelOnce()
    {
        start();
        queue(u"a1"_s, {u"webhook"_s, u"email"_s});
        send();
        send();
        QCOMPARE(m_sent.size(), 1U);
        QCOMPARE(m_mailed.size(), 1U);
        QCOMPARE(m_sent[0].alert.id, u"a1"_s);
        QCOMPARE(m_sent[0].event, m_mailed[0].event);
        QCOMPARE(record().state, u"delivered"_s);
        QCOMPARE(m_delivery->queued(), 0);
        QCOMPARE(m_delivery->counts()[0].delivered, 1);
        QCOMPARE(m_delivery->counts()[1].delivered, 1);
    }

    void triesAgainWithGrowingPauses()
    {
        start([this](const OutgoingAlert &) {
            return m_sent.size() < 4 ? refused(u"it answered 500"_s) : Sent();
        });
        queue(u"a1"_s);
        send();
        QCOMPARE(m_sent.size(), 1U);
        QCOMPARE(m_delivery->queued(), 1);
        QCOMPARE(record().error, u"it answered 500"_s);
        for (const auto pause : {2s, 4s, 8s}) {
            const std::size_t before = m_sent.size();
            m_clock.now += pause - 10ms;
            send();
            QCOMPARE(m_sent.size(), before);
            m_clock.now += 100ms;
            send();
            QCOMPARE(m_sent.size(), before + 1);
        }
        QCOMPARE(record().state, u"delivered"_s);
        QCOMPARE(record().attempts, 4);
        QCOMPARE(record().error, QString());
        QCOMPARE(m_sent.front().event, m_sent.back().event);
        QCOMPARE(m_delivery->counts()[0].failed, 3);
        QCOMPARE(m_delivery->counts()[0].delivered, 1);
    }

    void waitsForAsLongAsItIsAskedTo()
    {
        start([this](const OutgoingAlert &) {
            return m_sent.size() == 1 ? refused(u"busy"_s, 90s) : Sent();
        });
        queue(u"a1"_s);
        send();
        m_clock.now += 89s;
        send();
        QCOMPARE(m_sent.size(), 1U);
        m_clock.now += 2s;
        send();
        QCOMPARE(m_sent.size(), 2U);
    }

    void givesUpAfterADay()
    {
        start([](const OutgoingAlert &) { return refused(u"it answered 404"_s); });
        queue(u"a1"_s);
        for (int hour = 0; hour < 30; ++hour) {
            send();
            m_clock.now += 61min;
        }
        QCOMPARE(record().state, u"given_up"_s);
        QCOMPARE(record().error, u"it answered 404"_s);
        QCOMPARE(m_delivery->counts()[0].givenUp, 1);
        QCOMPARE(m_delivery->queued(), 0);
        const std::size_t attempts = m_sent.size();
        QVERIFY(attempts > 20);
        send();
        QCOMPARE(m_sent.size(), attempts);
    }

    void keepsNoOtherChannelWaiting()
    {
        start([](const OutgoingAlert &) { return refused(u"timed out"_s); });
        for (int number = 0; number < 20; ++number) {
            queue(u"a%1"_s.arg(number), {u"webhook"_s, u"email"_s});
        }
        send();
        QCOMPARE(m_sent.size(), 1U); // Then it rests.
        QCOMPARE(m_mailed.size(), 20U);
        m_clock.now += 3s;
        send();
        QCOMPARE(m_sent.size(), 2U);
    }

    // What a gateway that was killed may or may not have sent is sent again, under the same id.
    void sendsAgainWhatADeadGatewayHadTaken()
    {
        start();
        queue(u"a1"_s);
        QVERIFY(m_outbox->claim(u"webhook"_s, {m_clock.now, m_clock.now + 60s}).value());
        send();
        QCOMPARE(m_sent.size(), 0U);
        m_clock.now += 61s;
        send();
        QCOMPARE(m_sent.size(), 1U);
        QCOMPARE(m_sent[0].alert.id, u"a1"_s);
    }

    void putsBackWhatItCouldNotFinish()
    {
        std::stop_source stop;
        start([&stop](const OutgoingAlert &) {
            stop.request_stop();
            return refused(u"it was cut short"_s);
        });
        queue(u"a1"_s);
        queue(u"a2"_s);
        QVERIFY(m_delivery->sendDue(net::SideCaller({}, stop.get_token())));
        QCOMPARE(m_sent.size(), 1U);
        start();
        send();
        QCOMPARE(m_sent.size(), 3U);
        QCOMPARE(m_outbox->queued().value(), 0);
    }

    void givesUpWhatNobodySendsAnyMore()
    {
        start();
        queue(u"a1"_s, {u"pager"_s});
        m_clock.now += 24h;
        send();
        QCOMPARE(record(u"pager"_s).state, u"queued"_s);
        m_clock.now += 2h;
        send();
        QCOMPARE(record(u"pager"_s).state, u"given_up"_s);
    }

    void forgetsWhatHasArrivedAfterAWeek()
    {
        start();
        queue(u"a1"_s);
        send();
        m_clock.now += 7 * 24h - 1s;
        send();
        QCOMPARE(m_outbox->newest(10).value().size(), 1U);
        m_clock.now += 2min;
        send();
        QCOMPARE(m_outbox->newest(10).value().size(), 0U);
    }

    void passesOverWhatItDoesNotUnderstand()
    {
        start();
        QVERIFY(m_outbox
                    ->raise({u"b"_s, u"50"_s, Money(), WallTime(), std::nullopt},
                            {u"a0"_s, "{\"mood\":1}", m_clock.now, {u"webhook"_s}})
                    .value());
        send();
        QVERIFY(record().error.contains(u"cannot be understood"));
        queue(u"a1"_s);
        m_clock.now += 3s;
        send();
        QCOMPARE(m_sent.size(), 1U);
    }

    void sendsOnAThreadOfItsOwn()
    {
        std::mutex mutex;
        std::condition_variable arrived;
        bool hasArrived = false;
        start([&](const OutgoingAlert &) {
            const std::scoped_lock lock(mutex);
            hasArrived = true;
            arrived.notify_one();
            return Sent();
        });
        queue(u"a1"_s);
        {
            AlertSender sender(*m_delivery, {});
            sender.wake();
            std::unique_lock lock(mutex);
            QVERIFY(arrived.wait_for(lock, 30s, [&hasArrived] { return hasArrived; }));
        }
        QCOMPARE(m_sent.size(), 1U);
        QCOMPARE(record().state, u"delivered"_s);
    }
};

QTEST_GUILESS_MAIN(AlertDeliveryTest)
#include "tst_alert_delivery.moc"

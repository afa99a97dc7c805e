// labels: unit
// The scripts in a real server, whose clock the test turns, must count as RateBook does.
#include "gateway/limits/rate_book.h"
#include "gateway/limits/shared_rates.h"
#include "tests/shared/dice.h"
#include "tests/support/redis_server.h"

#include <QTest>

#include <array>
#include <deque>
#include <vector>

using namespace delta;
using namespace std::chrono_literals;
using limits::RateBook;
using limits::RateHold;
using limits::RateRule;
using limits::RateUnit;
using limits::SharedRateHold;
using limits::SharedRates;
using limits::SharedVerdict;
using std::chrono::milliseconds;
using test::RedisServer;

namespace {

/// Runs each script at once, with the time that the key `clock` holds, in microseconds.
class DirectStore final : public ports::SharedStore
{
public:
    explicit DirectStore(RedisServer &server)
        : m_server(server)
    {
    }
    void prepare(const ports::SharedScript &) override
    {
    }
    bool ask(ports::SharedCall call, std::shared_ptr<ports::SharedSink> sink) override
    {
        m_asked.emplace_back(std::move(sink), run(call));
        return true;
    }
    void tell(ports::SharedCall call) override
    {
        run(call);
    }
    void deliver()
    {
        while (!m_asked.empty()) {
            const auto [sink, answer] = m_asked.front();
            m_asked.pop_front();
            sink->onAnswer(answer);
        }
    }

private:
    std::vector<qint64> run(const ports::SharedCall &call)
    {
        QByteArray text = call.script.text;
        text.replace("redis.call('TIME')", "{0, redis.call('GET', 'clock')}");
        std::vector<QByteArray> words{"EVAL", text, QByteArray::number(qint64(call.keys.size()))};
        words.insert(words.end(), call.keys.begin(), call.keys.end());
        words.insert(words.end(), call.arguments.begin(), call.arguments.end());
        const QByteArray reply = m_server.run(words);
        if (reply.startsWith('-')) {
            qFatal("a script failed: %s", reply.constData());
        }
        std::vector<qint64> numbers;
        for (const QByteArray &number : reply.split(' ')) {
            if (!number.isEmpty()) {
                numbers.push_back(number.toLongLong());
            }
        }
        return numbers;
    }

    RedisServer &m_server;
    std::deque<std::pair<std::shared_ptr<ports::SharedSink>, std::vector<qint64>>> m_asked;
};

/// One gateway among several.
struct Gateway {
    explicit Gateway(RedisServer &server)
        : store(server)
        , rates({store, status, random, ports::DegradedMode::FailOpen})
    {
    }
    SharedRateHold admit(std::span<const RateRule> rules, qint64 tokens)
    {
        SharedRateHold hold = rates.admit(rules, tokens, [] { });
        store.deliver();
        return hold;
    }

    SystemRandom random;
    ports::SharedStoreStatus status;
    DirectStore store;
    SharedRates rates;
};

/// A call under way, as the store and as the book have it.
struct Running {
    SharedRateHold shared;
    RateHold own;
};

/// Windows of several lengths of one scope, and two limits of one counter. Every call has some of them.
std::vector<RateRule> rulesOf(qint64 key, Dice &dice)
{
    const QByteArray name = "key " + QByteArray::number(key);
    std::vector<RateRule> rules{
        {name, RateUnit::Requests, 1min, 40}, {name, RateUnit::Tokens, 1min, 900},
        {name, RateUnit::Requests, 9s, 25},   {name, RateUnit::Tokens, 2s, 400},
        {name, RateUnit::Parallel, 0ms, 4},   {"t", RateUnit::Requests, 1min, 60},
        {"t", RateUnit::Tokens, 1min, 1500},  {"t", RateUnit::Tokens, 777ms, 300},
        {"t", RateUnit::Parallel, 0ms, 7},    {name, RateUnit::Requests, 1min, 38}};
    std::erase_if(rules, [&](const RateRule &) { return dice.between(0, 3) == 0; });
    return rules;
}

} // namespace

class SharedRateScriptsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countAsTheBookDoes_data();
    void countAsTheBookDoes();
    void letNoWindowHaveMoreThanItsLimit();
    void letTimeStandStillWhereTheClockGoesBack();
};

void SharedRateScriptsTest::countAsTheBookDoes_data()
{
    QTest::addColumn<quint64>("seed");
    for (quint64 seed = 1; seed <= 4; ++seed) {
        QTest::addRow("seed %llu", seed) << seed;
    }
}

/// Calls begin, settle and are dropped in random order and at random times, on three gateways.
void SharedRateScriptsTest::countAsTheBookDoes()
{
    QFETCH(const quint64, seed);
    RedisServer server;
    std::array gateways{std::make_unique<Gateway>(server), std::make_unique<Gateway>(server),
                        std::make_unique<Gateway>(server)};
    RateBook book;
    Dice dice(seed);
    std::vector<Running> running;
    milliseconds now(1'700'000'000'123);
    int refusals = 0;
    for (int round = 0; round < 1500; ++round) {
        dice.next();
        const qint64 leap = dice.between(0, 9);
        now += milliseconds(leap == 0 ? dice.between(0, 9'000) : dice.between(0, 60));
        server.run({"SET", "clock", QByteArray::number(qint64(now.count()) * 1000)});
        const SteadyTime steady(now);
        for (const auto &gateway : gateways) {
            gateway->rates.renew();
        }
        if (dice.between(0, 2) > 0) {
            const auto rules = rulesOf(dice.between(0, 2), dice);
            const qint64 tokens = dice.between(0, 60);
            Gateway &gateway = *gateways[std::size_t(dice.between(0, 2))];
            SharedRateHold shared = gateway.admit(rules, tokens);
            const SharedVerdict &verdict = *shared.verdict();
            auto own = book.admit(rules, tokens, steady);
            QVERIFY2(own.has_value() == (verdict.kind == SharedVerdict::Kind::Admitted),
                     dice.where().constData());
            const auto states = book.states(rules, steady);
            for (std::size_t index = 0; index < states.size(); ++index) {
                QVERIFY2(verdict.states[index].used == states[index].used,
                         dice.where().constData());
                QVERIFY(verdict.states[index].resetsIn >= states[index].resetsIn
                        || states[index].rule.unit == RateUnit::Parallel);
            }
            if (own) {
                running.push_back({std::move(shared), *std::move(own)});
                continue;
            }
            ++refusals;
            const limits::RateRefusal &theirs = *verdict.refusal;
            QVERIFY2(theirs.rule.unit == own.error().rule.unit, dice.where().constData());
            QCOMPARE(theirs.rule.counter, own.error().rule.counter);
            QCOMPARE(theirs.used, own.error().used);
            QCOMPARE(theirs.retryAfter->count(), own.error().retryAfter->count());
        } else if (!running.empty()) {
            const auto index = dice.between(0, qint64(running.size()) - 1);
            Running ended = std::move(running[std::size_t(index)]);
            running.erase(running.begin() + index);
            if (dice.between(0, 2) > 0) {
                const qint64 used = dice.between(0, 80);
                ended.shared.settle(used);
                book.settle(std::move(ended.own), used, steady);
            }
        }
    }
    QVERIFY(refusals > 100);
}

/// Whatever time a window is laid over holds at most as many calls as the limit says.
void SharedRateScriptsTest::letNoWindowHaveMoreThanItsLimit()
{
    RedisServer server;
    Gateway one(server);
    Gateway two(server);
    Dice dice(7);
    constexpr milliseconds period(1000);
    constexpr qint64 limit = 20;
    const std::array rules{RateRule{"key", RateUnit::Requests, period, limit}};
    std::deque<milliseconds> admitted;
    milliseconds now(1'700'000'000'000);
    int refused = 0;
    for (int call = 0; call < 1500; ++call) {
        dice.next();
        now += milliseconds(dice.between(0, 30));
        server.run({"SET", "clock", QByteArray::number(qint64(now.count()) * 1000)});
        SharedRateHold hold = (call % 2 == 0 ? one : two).admit(rules, 0);
        if (hold.verdict()->kind != SharedVerdict::Kind::Admitted) {
            ++refused;
            continue;
        }
        hold.settle(0);
        admitted.push_back(now);
        while (admitted.front() <= now - period) {
            admitted.pop_front();
        }
        QVERIFY2(qint64(admitted.size()) <= limit, dice.where().constData());
    }
    QVERIFY(refused > 100);
}

void SharedRateScriptsTest::letTimeStandStillWhereTheClockGoesBack()
{
    RedisServer server;
    Gateway gateway(server);
    const std::array rules{RateRule{"key", RateUnit::Requests, 1min, 2}};
    const auto isAdmittedAt = [&](milliseconds time) {
        server.run({"SET", "clock", QByteArray::number(qint64(time.count()) * 1000)});
        SharedRateHold hold = gateway.admit(rules, 0);
        const bool isAdmitted = hold.verdict()->kind == SharedVerdict::Kind::Admitted;
        hold.settle(0);
        return isAdmitted;
    };
    constexpr milliseconds start(1'700'000'000'000);
    QVERIFY(isAdmittedAt(start));
    QVERIFY(isAdmittedAt(start - 30s));
    QVERIFY(!isAdmittedAt(start - 30s));
    QVERIFY(!isAdmittedAt(start + 30s));
    QVERIFY(isAdmittedAt(start + 61s));
    QVERIFY(isAdmittedAt(start - 24h)); // What lies so far ahead was a mistake.
    QVERIFY(isAdmittedAt(start - 24h));
    QVERIFY(!isAdmittedAt(start - 24h));
}

QTEST_GUILESS_MAIN(SharedRateScriptsTest)
#include "tst_shared_rate_scripts.moc"

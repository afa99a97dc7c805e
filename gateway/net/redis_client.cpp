#include "gateway/net/redis_client.h"

#include <QLoggingCategory>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace delta::net {

using namespace Qt::StringLiterals;
using ports::SharedAnswer;
using ports::SharedCall;
using ports::SharedSink;

namespace {

Q_LOGGING_CATEGORY(lcRedis, "delta.redis")

/// So many commands may wait for replies; a server that is so far behind gets no more of them.
constexpr std::size_t maxPending = 8192;

QByteArray scriptCommand(const SharedCall &call, const QByteArray &verb, const QByteArray &script)
{
    const std::array head{verb, script, QByteArray::number(qsizetype(call.keys.size()))};
    const std::array<std::span<const QByteArray>, 3> parts{head, call.keys, call.arguments};
    return redisCommand(parts);
}

SharedAnswer answerOf(const RedisReply &reply)
{
    switch (reply.kind) {
    case RedisReply::Kind::Numbers:
        return reply.numbers;
    case RedisReply::Kind::Error:
        return std::unexpected(QString::fromUtf8(reply.text.first(qMin(reply.text.size(), 200))));
    case RedisReply::Kind::Status:
    case RedisReply::Kind::Other:
        break;
    }
    return std::unexpected(u"the server answers with what no script returns"_s);
}

} // namespace

RedisClient::RedisClient(const Parts &parts, RedisSettings settings)
    : m_parts(parts)
    , m_settings(std::move(settings))
    , m_deadline(parts.connection.loop, [this] { onDeadline(); })
    , m_silence(parts.connection.loop.timers(), [this] { onSilence(); })
    , m_doubt(parts.connection.loop.timers(), [this] { onDoubt(); })
    , m_next(parts.connection.loop.timers(), [this] { m_isReady ? probe() : connect(); })
{
    m_parts.status.connections.fetch_add(1, std::memory_order_relaxed);
    connect();
}

RedisClient::~RedisClient()
{
    stop();
    m_parts.status.connections.fetch_sub(1, std::memory_order_relaxed);
}

void RedisClient::connect()
{
    m_silence.start(silenceTimeout);
    RedisListener &listener = *this;
    m_connection = std::make_unique<RedisConnection>(m_parts.connection, m_settings, listener);
}

void RedisClient::onReady()
{
    m_isReady = true;
    m_silence.stop();
    for (const ports::SharedScript &script : m_scripts) {
        send({Pending::Kind::Load, {script, {}, {}}, nullptr, {}, false});
    }
    probe();
}

void RedisClient::prepare(const ports::SharedScript &script)
{
    m_scripts.push_back(script);
    if (m_isReady) {
        send({Pending::Kind::Load, {script, {}, {}}, nullptr, {}, false});
    }
}

/// Asks for something that only a server does which is fit for calls: one that may be written to.
void RedisClient::probe()
{
    Pending pending;
    pending.kind = Pending::Kind::Probe;
    send(std::move(pending));
}

bool RedisClient::ask(SharedCall call, std::shared_ptr<SharedSink> sink)
{
    if (!m_breaker.isClosed() || m_pending.size() >= maxPending) {
        return false;
    }
    send({Pending::Kind::ByName, std::move(call), std::move(sink), {}, false});
    return true;
}

void RedisClient::tell(SharedCall call)
{
    if (m_isReady && m_pending.size() < maxPending) {
        send({Pending::Kind::ByName, std::move(call), nullptr, {}, false});
    }
}

void RedisClient::send(Pending pending)
{
    if (pending.sentAt == SteadyTime()) {
        pending.sentAt = m_parts.clock.steady();
    }
    switch (pending.kind) {
    case Pending::Kind::Load:
        m_connection->send(redisCommand({"SCRIPT", "LOAD", pending.call.script.text}));
        break;
    case Pending::Kind::Probe:
        m_connection->send(redisCommand({"SET", "{deltallm}:probe", "1", "PX", "1000"}));
        break;
    case Pending::Kind::ByName:
        m_connection->send(scriptCommand(pending.call, "EVALSHA", pending.call.script.sha1));
        break;
    case Pending::Kind::Whole:
        m_connection->send(scriptCommand(pending.call, "EVAL", pending.call.script.text));
        break;
    }
    if (pending.isAwaited() && !m_deadline.isActive()) {
        m_deadline.start(callTimeout);
    }
    m_pending.push_back(std::move(pending));
    if (!m_silence.isActive()) {
        m_silence.start(silenceTimeout);
    }
}

void RedisClient::onReply(const RedisReply &reply)
{
    if (m_pending.empty()) {
        disconnect(u"the server answers what nobody asked"_s);
        return;
    }
    Pending pending = std::move(m_pending.front());
    m_pending.pop_front();
    const bool isUnknown = pending.kind == Pending::Kind::ByName
        && reply.kind == RedisReply::Kind::Error && reply.text.startsWith("NOSCRIPT");
    if (isUnknown) {
        pending.kind = Pending::Kind::Whole;
        send(std::move(pending));
    } else if (pending.kind == Pending::Kind::Probe) {
        onProbeAnswered(pending, reply);
    } else if (pending.kind != Pending::Kind::Load) { // Where it failed, its calls will tell.
        onAnswered(pending, reply);
    }
}

void RedisClient::onProbeAnswered(const Pending &probe, const RedisReply &reply)
{
    if (reply.kind != RedisReply::Kind::Status || reply.text != "OK") {
        // A replica, or a server that is full or loads: perhaps the address leads to a better one by now.
        disconnect(answerOf(reply).error_or(u"the server takes no value"_s));
    } else if (probe.isLate) {
        if (++m_lateProbes > 1) { // Once may be by chance.
            setDown(u"it answers too late"_s);
        }
        m_next.start(probeInterval);
    } else {
        m_lateProbes = 0;
        m_breaker.close();
        m_backOff = firstBackOff;
        setUp();
    }
}

void RedisClient::onAnswered(const Pending &pending, const RedisReply &reply)
{
    const SharedAnswer answer = answerOf(reply);
    if (answer && !pending.isLate && pending.sink) {
        m_breaker.noteSuccess();
    } else if (!answer && !pending.isLate) {
        m_breaker.noteFailure(m_parts.clock.steady());
    }
    if (pending.sink) {
        pending.sink->onAnswer(answer);
    }
    if (!answer && m_isReady && m_isUp && !m_breaker.isClosed()) {
        disconnect(answer.error());
    }
    look();
}

/// Tells all whose time is over, and waits for the next.
void RedisClient::onDeadline()
{
    if (m_pending.empty()) {
        return; // As mostly: the timer is of the first call since the last time, and that has its answer.
    }
    m_connection->receive(); // If it was our loop that had no time, the answer is here.
    const SteadyTime now = m_parts.clock.steady();
    std::vector<std::shared_ptr<SharedSink>> late;
    std::optional<SteadyTime> next;
    for (Pending &pending : m_pending) {
        const bool isWaiting = pending.isAwaited() && !pending.isLate;
        if (isWaiting && pending.sentAt + callTimeout <= now) {
            pending.isLate = true;
            m_breaker.noteFailure(now);
            if (pending.sink) {
                late.push_back(pending.sink);
            }
        } else if (isWaiting) {
            next = std::min(next.value_or(SteadyTime::max()), pending.sentAt + callTimeout);
        }
    }
    if (next) {
        m_deadline.start(*next - now);
    }
    for (const auto &sink : late) {
        sink->onLate();
    }
    look();
}

void RedisClient::onDoubt()
{
    m_breaker.check(m_parts.clock.steady());
    look();
}

/// Draws the consequences of what the breaker has become.
void RedisClient::look()
{
    if (!m_isReady) {
        return;
    }
    if (m_isUp && !m_breaker.isClosed()) {
        setDown(u"it does not answer in time"_s);
        probe();
    } else if (m_isUp && m_breaker.isInDoubt() && !m_doubt.isActive()) {
        m_doubt.start(RedisBreaker::patience);
    }
}

void RedisClient::onSilence()
{
    const bool isSilent = !m_isReady
        || (!m_pending.empty()
            && m_pending.front().sentAt + silenceTimeout <= m_parts.clock.steady());
    if (isSilent) {
        disconnect(u"it says nothing"_s);
    } else if (!m_pending.empty()) {
        m_silence.start(silenceTimeout);
    }
}

void RedisClient::onLost(const QString &reason)
{
    disconnect(reason);
}

void RedisClient::disconnect(const QString &reason)
{
    m_connection->close(); // It is destroyed later: we may be inside one of its calls.
    m_isReady = false;
    m_breaker.open();
    m_silence.stop();
    m_doubt.stop();
    setDown(reason);
    if (!m_isStopped) {
        // Half of it by chance: many gateways that lost their server at once must not come back at once.
        std::array<std::byte, 1> chance{};
        m_parts.random.fill(chance);
        m_next.start(m_backOff / 2 + m_backOff * std::to_integer<int>(chance[0]) / 512);
        m_backOff = std::min(m_backOff * 2, longestBackOff);
    }
    for (const Pending &pending : std::exchange(m_pending, {})) {
        if (pending.sink) {
            pending.sink->onAnswer(std::unexpected(reason));
        }
    }
}

void RedisClient::stop()
{
    if (!std::exchange(m_isStopped, true)) {
        m_next.stop();
        disconnect(u"the gateway stops"_s);
    }
}

void RedisClient::setUp()
{
    ports::SharedStoreStatus &status = m_parts.status;
    if (!std::exchange(m_isUp, true)) {
        status.answering.fetch_add(1);
    }
    if (status.isUp() && status.isTroubleLogged.exchange(false)) {
        qCInfo(lcRedis, "Redis at %s answers again.", m_settings.place().constData());
    }
}

/// Of all loop threads only the first says so.
void RedisClient::setDown(const QString &reason)
{
    ports::SharedStoreStatus &status = m_parts.status;
    if (std::exchange(m_isUp, false)) {
        status.answering.fetch_sub(1);
    }
    if (!m_isStopped && !status.isTroubleLogged.exchange(true)) {
        qCWarning(lcRedis, "Redis at %s does not serve us: %ls", m_settings.place().constData(),
                  qUtf16Printable(reason));
    }
}

} // namespace delta::net

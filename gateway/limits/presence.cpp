#include "gateway/limits/presence.h"

#include <QLoggingCategory>

#include <algorithm>
#include <utility>
#include <vector>

namespace delta::limits {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

Q_LOGGING_CATEGORY(lcPresence, "delta.limits")

constexpr seconds interval{5};
/// Who was not seen for so long is missed.
constexpr milliseconds missedAfter{60'000};

/// Names a gateway and what it holds: "3 on host a, not seen for 70 s, held 0.5 USD of 2 budgets".
QString textOf(const ports::GatewayEntry &entry, const ports::GatewayHolding &held,
               QStringView verb)
{
    return u"%1 on %2, not seen for %3 s, %4 %5 USD of %6 budget(s)"_s.arg(entry.journal)
        .arg(entry.seen->report.host)
        .arg(std::chrono::floor<seconds>(entry.seen->ago).count())
        .arg(verb, held.amount.toUsd())
        .arg(held.budgets);
}

} // namespace

Presence::Presence(Parts parts)
    : m_parts(std::move(parts))
{
    if (lease()) {
        m_parts.book.trustGrantsUntil({}); // Nothing is held before it was seen.
    }
}

std::optional<milliseconds> Presence::lease() const
{
    return m_parts.forgetAfter.transform([](milliseconds after) { return after / 2; });
}

ports::GatewayReport Presence::report() const
{
    ports::GatewayReport report = m_parts.report();
    report.lease = lease();
    return report;
}

Result<void> Presence::begin()
{
    TRY_VOID(m_parts.roll.enroll(report()));
    return keep();
}

Result<void> Presence::keep()
{
    // Both were before the database noted it, so that the lease ends before others may take anything.
    const SteadyTime now = m_parts.clock.steady();
    if (m_keptAt && now - *m_keptAt < interval) {
        return {};
    }
    const WallTime bookTime = m_parts.book.time(m_parts.clock.wall());
    TRY(const bool isOnRoll, m_parts.roll.reportIn(report()));
    if (!isOnRoll) {
        qCWarning(lcPresence,
                  "this gateway was taken for gone, and others may have what it held of budgets: "
                  "what it settles "
                  "until now may exceed limits by as much");
        // First of all: should it get on the roll without hearing of it, it must hold nothing either.
        m_parts.book.revokeGrants();
        TRY_VOID(m_parts.roll.enroll(report()));
    }
    m_keptAt = now;
    extend(now, bookTime);
    return {};
}

void Presence::extend(SteadyTime seenAt, WallTime bookTime)
{
    if (const auto length = lease()) {
        const std::scoped_lock lock(m_mutex);
        m_leaseEnd = seenAt + *length;
        m_parts.book.trustGrantsUntil(bookTime + *length);
    }
}

void Presence::tend()
{
    const std::scoped_lock lock(m_mutex);
    if (m_leaseEnd && m_parts.clock.steady() >= *m_leaseEnd) {
        m_parts.book.trustGrantsUntil({});
    }
}

void Presence::look()
{
    const SteadyTime now = m_parts.clock.steady();
    if (m_lookedAt && now - *m_lookedAt < interval) {
        return;
    }
    m_lookedAt = now;
    const milliseconds threshold = std::min(missedAfter, m_parts.forgetAfter.value_or(missedAfter));
    const auto unseen = m_parts.roll.gatewaysNotSeenFor(threshold);
    if (!unseen) {
        return; // The database is away, which is said elsewhere.
    }
    QSet<qint64> lost;
    for (const ports::GatewayEntry &entry : *unseen) {
        lookAt(entry, lost);
    }
    m_lost = lost.size();
    m_missed = std::move(lost);
}

void Presence::lookAt(const ports::GatewayEntry &entry, QSet<qint64> &lost)
{
    if (forget(entry) || entry.holding.budgets == 0 || entry.seen->ago < missedAfter) {
        return;
    }
    lost.insert(entry.journal);
    if (!m_missed.contains(entry.journal)) {
        qCWarning(lcPresence,
                  "gateway %ls, which nobody else can spend: start it again, or see: "
                  "deltallm-gateway gateways "
                  "forget",
                  qUtf16Printable(textOf(entry, entry.holding, u"holds")));
    }
}

/// Forgets a gateway if that was not seen for long enough, and says that it stops using what it holds by then.
bool Presence::forget(const ports::GatewayEntry &entry)
{
    const std::optional<milliseconds> itsLease = entry.seen->report.lease;
    if (!m_parts.forgetAfter || !itsLease) {
        return false;
    }
    // Twice the lease is what its own configuration says.
    const auto after = std::max(*m_parts.forgetAfter, 2 * *itsLease);
    if (entry.seen->ago < after) {
        return false;
    }
    const auto held = m_parts.roll.forgetGateway(entry.journal, after);
    if (!held || !*held) {
        return false; // It is back, or another gateway was faster, or the next look tries again.
    }
    qCWarning(lcPresence,
              "gateway %ls and was forgotten: calls that only its journal knows are not in the "
              "books; should it "
              "come back, they may exceed limits by as much",
              qUtf16Printable(textOf(entry, **held, u"held")));
    return true;
}

} // namespace delta::limits

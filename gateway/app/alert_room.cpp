#include "gateway/app/alert_room.h"

#include "gateway/alerts/budget_alert.h"
#include "gateway/store/control_tables.h"

#include <QLoggingCategory>

#include <utility>

namespace delta::app {

namespace {

Q_LOGGING_CATEGORY(lcAlertRoom, "delta.alerts")

QStringList namesOf(const alerts::AlertSettings &settings)
{
    QStringList names;
    for (const auto &channel : alerts::makeChannels(settings)) {
        names.append(channel->name());
    }
    return names;
}

} // namespace

AlertRoom::AlertRoom(const Ground &ground, const alerts::AlertSettings &settings,
                     const QString &instance)
    : m_ground(ground)
    , m_channels(namesOf(settings))
    , m_instance(instance)
    , m_watchOutbox(ground.store)
    , m_watch({m_watchOutbox,
               [&budgets = ground.budgets](WallTime now) { return budgets.news(now); },
               ground.clock, ground.random},
              {settings.thresholds, m_channels}, instance)
    , m_senderStore(ground.address, ground.clock)
    , m_senderOutbox(m_senderStore)
    , m_delivery({m_senderOutbox, ground.clock, ground.random}, alerts::makeChannels(settings),
                 {settings.giveUpAfter, settings.keepFor})
{
    m_sender.emplace(m_delivery, net::SideCallSettings{.caFile = settings.caFile});
}

Result<QString> AlertRoom::queueTest(const QStringList &channels)
{
    const WallTime now = m_ground.clock.wall();
    const auto alert = alerts::BudgetAlert::test(m_instance, now, m_ground.random);
    TRY_VOID(m_watchOutbox.queue({alert.id, alert.toEvent(), now, channels}));
    return alert.id;
}

void AlertRoom::wake()
{
    if (m_sender) {
        m_sender->wake();
    }
}

Result<void> AlertRoom::refreshRules()
{
    return m_ground.store.look([this](store::ControlTables &tables) -> Result<void> {
        TRY(const QString mark, tables.alerts.ruleMark());
        if (mark != m_ruleMark) {
            TRY(std::vector<AlertRule> rules, tables.alerts.enabledRules());
            m_watch.useRules(std::move(rules));
            m_ruleMark = mark;
        }
        return {};
    });
}

void AlertRoom::look()
{
    const Result<int> queued = refreshRules().and_then([this] { return m_watch.look(); });
    if (!queued && !m_isTroubleLogged) {
        qCWarning(lcAlertRoom, "alerts cannot be queued: %ls",
                  qUtf16Printable(queued.error().message));
    }
    m_isTroubleLogged = !queued;
    if (queued.value_or(0) > 0) {
        wake();
    }
}

void AlertRoom::close()
{
    if (m_sender) {
        look();
        m_sender.reset();
    }
}

std::vector<telemetry::AlertCount> AlertRoom::counts() const
{
    std::vector<telemetry::AlertCount> counts;
    for (const alerts::ChannelCounts &channel : m_delivery.counts()) {
        const QByteArray name = channel.channel.toLatin1();
        counts.push_back({name, "delivered", channel.delivered});
        counts.push_back({name, "failed", channel.failed});
        counts.push_back({name, "given_up", channel.givenUp});
    }
    return counts;
}

} // namespace delta::app

#pragma once

#include "gateway/alerts/alert_delivery.h"
#include "gateway/alerts/alert_sender.h"
#include "gateway/alerts/alert_settings.h"
#include "gateway/alerts/budget_watch.h"
#include "gateway/limits/budget_book.h"
#include "gateway/ports/alert_desk.h"
#include "gateway/store/alert_outbox.h"
#include "gateway/store/database_address.h"
#include "gateway/store/store.h"
#include "gateway/telemetry/gauge_sources.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <QString>

#include <optional>
#include <vector>

namespace delta::app {

/// What tells people of budgets: the watch on the book, the outbox, and the thread that sends.
class AlertRoom final : public ports::AlertDesk
{
public:
    /// What a room is built from. Borrowed; outlives it.
    struct Ground {
        store::Store &store;            ///< Of the store queue.
        store::DatabaseAddress address; ///< Of the same store.
        limits::BudgetBook &budgets;
        const Clock &clock;
        Random &random;
    };

    AlertRoom(const Ground &ground, const alerts::AlertSettings &settings, const QString &instance);

    // ports::AlertDesk
    [[nodiscard]] QStringList channels() const override
    {
        return m_channels;
    }
    [[nodiscard]] Result<QString> queueTest(const QStringList &channels) override;
    void wake() override;

    /// Looks whether there is something to tell, and has it sent. On the store queue, or when that is
    /// gone.
    void look();
    /// Looks a last time, and ends the thread.
    void close();

    /// Returns what the channels did. Safe from any thread.
    [[nodiscard]] std::vector<telemetry::AlertCount> counts() const;
    /// Returns how many alerts wait. Safe from any thread.
    [[nodiscard]] qint64 queued() const
    {
        return m_delivery.queued();
    }

private:
    [[nodiscard]] Result<void> refreshRules();

    const Ground m_ground;
    const QStringList m_channels;
    const QString m_instance;
    QString m_ruleMark;               ///< Of the rules in force.
    store::AlertOutbox m_watchOutbox; ///< On the store queue's connection.
    alerts::BudgetWatch m_watch;
    store::Store m_senderStore; ///< Of the sender's thread.
    store::AlertOutbox m_senderOutbox;
    alerts::AlertDelivery m_delivery;
    bool m_isTroubleLogged = false;              ///< Of look().
    std::optional<alerts::AlertSender> m_sender; ///< Last: its thread uses all of the above.
};

} // namespace delta::app

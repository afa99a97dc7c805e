#pragma once

#include "gateway/ports/alert_store.h"
#include "gateway/store/alert_repository.h"
#include "gateway/store/store.h"
#include "shared/core/result.h"

#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace delta::store {

/// The alerts of a store, for those who know nothing else of it. Used on the store's thread.
class AlertOutbox final : public ports::AlertStore
{
public:
    /// `store` must outlive the outbox.
    explicit AlertOutbox(Store &store)
        : m_store(store)
    {
    }

    [[nodiscard]] Result<bool> raise(const ports::AlertMark &mark,
                                     const ports::NewAlert &alert) override
    {
        return inStore(&AlertRepository::raise, mark, alert);
    }
    [[nodiscard]] Result<void> queue(const ports::NewAlert &alert) override
    {
        return inStore(&AlertRepository::queue, alert);
    }
    [[nodiscard]] Result<std::optional<ports::ClaimedAlert>> claim(
        const QString &channel, const ports::AlertLease &lease) override
    {
        return inStore(&AlertRepository::claim, channel, lease);
    }
    [[nodiscard]] Result<void> deliver(const ports::AlertPlace &place, WallTime at) override
    {
        return inStore(&AlertRepository::deliver, place, at);
    }
    [[nodiscard]] Result<void> postpone(const ports::AlertPlace &place, WallTime until,
                                        const QString &error) override
    {
        return inStore(&AlertRepository::postpone, place, until, error);
    }
    [[nodiscard]] Result<void> giveUp(const ports::AlertPlace &place, WallTime at,
                                      const QString &error) override
    {
        return inStore(&AlertRepository::giveUp, place, at, error);
    }
    [[nodiscard]] Result<void> tidy(const ports::AlertAges &ages) override
    {
        return inStore(&AlertRepository::tidy, ages);
    }
    [[nodiscard]] Result<qint64> queued() override
    {
        return inStore(&AlertRepository::queued);
    }
    [[nodiscard]] Result<std::vector<ports::AlertRecord>> newest(int limit) override
    {
        return inStore(&AlertRepository::newest, limit);
    }

private:
    /// Asks the repository of the store's connection, which may be another one each time.
    template <typename Answer, typename... Parameters, typename... Arguments>
    Answer inStore(Answer (AlertRepository::*function)(Parameters...), Arguments &&...arguments)
    {
        TRY(AlertRepository *const alerts, m_store.alerts());
        return (alerts->*function)(std::forward<Arguments>(arguments)...);
    }

    Store &m_store;
};

} // namespace delta::store

#pragma once

#include "gateway/auth/key_facts.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QHash>

#include <memory>
#include <optional>

namespace delta::auth {

/// What the hook said lately, by names of credentials that say nothing about them. Not safe from several threads.
class HookCache
{
public:
    /// Whose a credential is; null: it is refused.
    using Facts = std::shared_ptr<const KeyFacts>;

    /// Remembers at most twice `capacity` credentials.
    explicit HookCache(qsizetype capacity = 8192)
        : m_capacity(capacity)
    {
    }

    /// Returns what was said; nothing if nothing was that still holds.
    [[nodiscard]] std::optional<Facts> find(const QByteArray &name, SteadyTime now);
    /// Remembers what was said, until `end`.
    void insert(const QByteArray &name, Facts facts, SteadyTime end);
    [[nodiscard]] qsizetype size() const
    {
        return m_young.size() + m_old.size();
    }

private:
    struct Entry {
        Facts facts;
        SteadyTime end{};
    };

    const qsizetype m_capacity;
    /// Two ages, as in TokenCache.
    QHash<QByteArray, Entry> m_young;
    QHash<QByteArray, Entry> m_old;
};

} // namespace delta::auth

#pragma once

#include "gateway/auth/jwt/key_set.h"
#include "gateway/auth/key_facts.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>

#include <memory>
#include <mutex>

namespace delta::auth {

/// Who holds a token, of the tokens that were accepted lately: to check a signature costs more than
/// all else that a call does to be let in. Tokens are known by the SHA-256 of the whole of them, so
/// that none is taken for another that begins alike. Whether one has expired since is the caller's
/// to ask. Safe from any thread.
class TokenCache
{
public:
    using Facts = std::shared_ptr<const KeyFacts>;
    using Keys = std::shared_ptr<const KeySet>;

    /// Remembers at most twice `capacity` tokens.
    explicit TokenCache(qsizetype capacity = 8192)
        : m_capacity(capacity)
    {
    }

    /// Returns under which name a token is remembered.
    [[nodiscard]] static QByteArray nameOf(QByteArrayView token);
    /// Returns who holds the token, if it was accepted with these keys; null if not, or if that is
    /// forgotten.
    [[nodiscard]] Facts find(const QByteArray &name, const Keys &keys);
    /// Remembers a token that was accepted with `keys`. Other keys make all others forgotten.
    void insert(const QByteArray &name, const Keys &keys, Facts facts);
    [[nodiscard]] qsizetype size() const;

private:
    const qsizetype m_capacity;
    mutable std::mutex m_mutex; ///< Guards the rest. Held for a look-up only.
    Keys m_keys;
    /// Two ages, so that it costs nothing to know what was not used for long: the older is dropped
    /// when the younger is full, and what is used meanwhile moves into the younger.
    QHash<QByteArray, Facts> m_young;
    QHash<QByteArray, Facts> m_old;
};

} // namespace delta::auth

#include "gateway/auth/jwt/token_cache.h"

#include <QCryptographicHash>

#include <utility>

namespace delta::auth {

QByteArray TokenCache::nameOf(QByteArrayView token)
{
    return QCryptographicHash::hash(token, QCryptographicHash::Sha256);
}

TokenCache::Facts TokenCache::find(const QByteArray &name, const Keys &keys)
{
    const std::scoped_lock lock(m_mutex);
    if (m_keys != keys) {
        return nullptr;
    }
    if (const auto young = m_young.constFind(name); young != m_young.constEnd()) {
        return *young;
    }
    Facts facts = m_old.take(name);
    if (facts) {
        m_young.insert(name, facts);
    }
    return facts;
}

void TokenCache::insert(const QByteArray &name, const Keys &keys, Facts facts)
{
    const std::scoped_lock lock(m_mutex);
    if (m_keys != keys) {
        m_young.clear();
        m_old.clear();
        m_keys = keys;
    }
    if (m_young.size() >= m_capacity) {
        m_old = std::exchange(m_young, {});
    }
    m_young.insert(name, std::move(facts));
}

qsizetype TokenCache::size() const
{
    const std::scoped_lock lock(m_mutex);
    return m_young.size() + m_old.size();
}

} // namespace delta::auth

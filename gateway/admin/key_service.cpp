#include "gateway/admin/key_service.h"

#include "gateway/auth/key_format.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

QString budgetIdOf(const QString &keyId)
{
    return u"key-"_s + keyId;
}

QByteArray bytesOf(const auth::KeyMac &mac)
{
    return {reinterpret_cast<const char *>(mac.data()), static_cast<qsizetype>(mac.size())};
}

} // namespace

Result<CreatedKey> KeyService::create(VirtualKey wish, std::optional<Budget> budget,
                                      std::vector<RateLimit> limits)
{
    TRY_VOID(wish.validate());
    const auth::IssuedKey issued = auth::issueKey(m_parts.random);
    wish.id = QString::fromLatin1(issued.id);
    wish.hint = QString::fromLatin1(issued.text.hint());
    wish.createdAt = m_parts.clock.wall();
    wish.spend = {};
    TRY(std::optional<limits::BudgetState> state, makeBudget(wish.id, std::move(budget)));
    const ports::StoredKey stored{wish, bytesOf(m_parts.pepper.mac(issued.text.reveal()))};
    const auto made = makeLimits(wish.id, limits).and_then([&] {
        return m_parts.store.insertKey(stored);
    });
    if (!made) {
        takeBack(wish.id);
        return failure(made.error());
    }
    if (m_parts.directory) {
        TRY_VOID(m_parts.directory->put(stored));
    }
    return CreatedKey{std::move(wish), issued.text, std::move(state), std::move(limits)};
}

Result<std::optional<limits::BudgetState>> KeyService::makeBudget(const QString &keyId,
                                                                  std::optional<Budget> budget)
{
    if (!budget) {
        return std::nullopt;
    }
    if (!m_parts.budgets) {
        return failure(ApiError::unsupported(u"Keys have no budgets here."_s, u"max_budget"_s));
    }
    budget->id = budgetIdOf(keyId);
    budget->scope = BudgetScope::Key;
    budget->scopeId = keyId;
    budget->memberId.clear();
    TRY(limits::BudgetState state, m_parts.budgets->create(*std::move(budget)));
    return state;
}

Result<void> KeyService::makeLimits(const QString &keyId, std::vector<RateLimit> &limits)
{
    if (!limits.empty() && !m_parts.limits) {
        return failure(ApiError::unsupported(u"Keys have no limits for single models here."_s,
                                             u"model_rpm_limit"_s));
    }
    for (RateLimit &limit : limits) {
        limit.subject.scope = RateScope::Key;
        limit.subject.scopeId = keyId;
        limit.subject.memberId.clear();
        TRY_VOID(m_parts.limits->put(limit));
    }
    return {};
}

/// Removes the budget and the limits of a key that could not be stored. In doubt whether it was stored after
/// all, they stay: better some for nobody than a key without its own.
void KeyService::takeBack(const QString &keyId)
{
    if (!m_parts.store.removeKey(keyId)) {
        return;
    }
    if (m_parts.budgets) {
        std::ignore = m_parts.budgets->remove(budgetIdOf(keyId));
    }
    if (m_parts.limits) {
        std::ignore = m_parts.limits->removeOfKey(keyId);
    }
}

Result<std::optional<VirtualKey>> KeyService::find(const QString &name)
{
    const QByteArray text = name.toUtf8();
    TRY(auto stored,
        auth::looksLikeOurs(text) ? m_parts.store.findKeyByMac(bytesOf(m_parts.pepper.mac(text)))
                                  : m_parts.store.findKey(name));
    return stored ? std::optional(std::move(stored->key)) : std::nullopt;
}

Result<std::optional<limits::BudgetState>> KeyService::budgetOf(const QString &keyId)
{
    if (!m_parts.budgets) {
        return std::nullopt;
    }
    return m_parts.budgets->find(budgetIdOf(keyId));
}

Result<std::vector<BudgetRestart>> KeyService::resetBudgets(const QString &keyId, const QString &by)
{
    return m_parts.budgets ? m_parts.budgets->resetOfKey(keyId, by) : std::vector<BudgetRestart>();
}

Result<std::vector<RateLimit>> KeyService::limitsOf(const QString &keyId)
{
    return m_parts.limits ? m_parts.limits->ofKey(keyId) : std::vector<RateLimit>();
}

Result<bool> KeyService::revoke(const QString &name)
{
    TRY(const std::optional<VirtualKey> key, find(name));
    if (!key) {
        return false;
    }
    TRY(const bool wasThere, m_parts.store.removeKey(key->id));
    if (m_parts.directory) {
        m_parts.directory->remove(key->id);
    }
    // Not before the key, which would work without them for a moment.
    if (m_parts.budgets) {
        TRY_VOID(m_parts.budgets->removeOfKey(key->id));
    }
    if (m_parts.limits) {
        TRY_VOID(m_parts.limits->removeOfKey(key->id));
    }
    return wasThere;
}

Result<std::vector<VirtualKey>> KeyService::list()
{
    TRY(auto stored, m_parts.store.loadKeys());
    std::vector<VirtualKey> keys;
    keys.reserve(stored.size());
    for (ports::StoredKey &entry : stored) {
        keys.push_back(std::move(entry.key));
    }
    std::ranges::sort(keys, std::greater(), &VirtualKey::createdAt);
    return keys;
}

} // namespace delta::admin

#include "gateway/identity/password_desk.h"

namespace delta::identity {

namespace {

PasswordVerdict verdictOn(const Secret &password, const QByteArray &hash,
                          const PasswordDesk::Parts &parts)
{
    PasswordVerdict verdict{.isRight = auth::isPassword(password, hash), .rehashed = {}};
    if (verdict.isRight && auth::isWeaker(hash, parts.cost)) {
        // If it cannot be made now, the next login makes it.
        verdict.rehashed =
            auth::hashPassword(password, parts.random, parts.cost).value_or(QByteArray());
    }
    return verdict;
}

} // namespace

PasswordDesk::PasswordDesk(Parts parts)
    : m_parts(std::move(parts))
    , m_nobody(auth::hashOfNobody(m_parts.random, m_parts.cost))
{
}

Result<void> PasswordDesk::check(Secret password, const QByteArray &hash, Checked then)
{
    return m_parts.pool.post([parts = m_parts, password = std::move(password),
                              hash = hash.isEmpty() ? m_nobody : hash, then = std::move(then)] {
        parts.home([verdict = verdictOn(password, hash, parts), then] { then(verdict); });
    });
}

Result<void> PasswordDesk::hash(Secret password, Hashed then)
{
    return m_parts.pool.post(
        [parts = m_parts, password = std::move(password), then = std::move(then)] {
            parts.home([hashed = auth::hashPassword(password, parts.random, parts.cost), then] {
                then(hashed);
            });
        });
}

} // namespace delta::identity

#include "gateway/store/login_token_repository.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"

#include <QSqlQuery>

namespace delta::store {

using namespace Qt::StringLiterals;

Result<void> LoginTokenRepository::insert(const LoginTokenRow &token)
{
    return m_database
        .run("login_tokens/insert"_L1,
             {token.mac, present(token.purpose), present(token.userId), present(token.createdBy),
              timeColumn(token.createdAt), timeColumn(token.expiresAt)})
        .transform([](int) { });
}

Result<std::optional<LoginTokenRow>> LoginTokenRepository::find(const QByteArray &mac,
                                                                const QString &purpose)
{
    std::optional<LoginTokenRow> token;
    TRY_VOID(m_database.each("login_tokens/select"_L1, {mac, present(purpose)},
                             [&](const QSqlQuery &row) {
                                 token = LoginTokenRow{.mac = mac,
                                                       .purpose = purpose,
                                                       .userId = row.value(0).toString(),
                                                       .createdBy = row.value(1).toString(),
                                                       .createdAt = timeAt(row, 2),
                                                       .expiresAt = timeAt(row, 3)};
                             }));
    return token;
}

Result<bool> LoginTokenRepository::take(const QByteArray &mac, WallTime at)
{
    return m_database.run("login_tokens/take"_L1, {mac, timeColumn(at)}).transform([](int rows) {
        return rows > 0;
    });
}

Result<void> LoginTokenRepository::removeUnused(const QString &userId)
{
    return m_database.run("login_tokens/delete_unused"_L1, {present(userId)}).transform([](int) {
    });
}

Result<void> LoginTokenRepository::removeOld(WallTime expiredBefore)
{
    return m_database.run("login_tokens/delete_old"_L1, {timeColumn(expiredBefore)})
        .transform([](int) { });
}

} // namespace delta::store

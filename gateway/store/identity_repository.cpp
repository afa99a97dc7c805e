#include "gateway/store/identity_repository.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"

#include <QSqlQuery>

namespace delta::store {

using namespace Qt::StringLiterals;

Result<bool> IdentityRepository::insert(const IdentityRow &identity)
{
    return m_database
        .run("identities/insert"_L1,
             {present(identity.issuer), present(identity.subject), present(identity.userId),
              timeColumn(identity.createdAt)})
        .transform([](int rows) { return rows > 0; });
}

Result<std::optional<QString>> IdentityRepository::find(const QString &issuer,
                                                        const QString &subject)
{
    std::optional<QString> userId;
    TRY_VOID(
        m_database.each("identities/select"_L1, {present(issuer), present(subject)},
                        [&userId](const QSqlQuery &row) { userId = row.value(0).toString(); }));
    return userId;
}

Result<std::vector<IdentityRow>> IdentityRepository::ofUser(const QString &userId)
{
    std::vector<IdentityRow> identities;
    TRY_VOID(m_database.each("identities/select_of_user"_L1, {present(userId)},
                             [&identities](const QSqlQuery &row) {
                                 identities.push_back({.issuer = row.value(0).toString(),
                                                       .subject = row.value(1).toString(),
                                                       .userId = row.value(2).toString(),
                                                       .createdAt = timeAt(row, 3)});
                             }));
    return identities;
}

Result<bool> IdentityRepository::remove(const QString &issuer, const QString &subject)
{
    return m_database.run("identities/delete"_L1, {present(issuer), present(subject)})
        .transform([](int rows) { return rows > 0; });
}

} // namespace delta::store

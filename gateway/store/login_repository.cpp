#include "gateway/store/login_repository.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"

#include <QMetaType>
#include <QSqlQuery>
#include <QVariant>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

LoginRow loginOf(const QSqlQuery &row)
{
    return {.userId = row.value(0).toString(),
            .passwordHash = row.value(1).toString().toLatin1(),
            .mustChange = row.value(2).toBool(),
            .passwordAt = timeAt(row, 3),
            .lastLoginAt = timeOrNoneAt(row, 4),
            .mfaSeed = row.value(5).toByteArray(),
            .mfaPendingSeed = row.value(6).toByteArray(),
            .mfaEnabledAt = timeOrNoneAt(row, 7),
            .mfaLastStep = row.value(8).toLongLong()};
}

QVariantList columnsOf(const NewPassword &password)
{
    return {present(password.userId), present(QString::fromLatin1(password.hash)),
            password.mustChange ? 1 : 0, timeColumn(password.at)};
}

bool isAny(int rows)
{
    return rows > 0;
}

} // namespace

Result<std::optional<LoginRow>> LoginRepository::find(const QString &userId)
{
    std::optional<LoginRow> login;
    TRY_VOID(m_database.each("logins/select"_L1, {present(userId)},
                             [&login](const QSqlQuery &row) { login = loginOf(row); }));
    return login;
}

Result<void> LoginRepository::putPassword(const NewPassword &password)
{
    return m_database.run("logins/upsert_password"_L1, columnsOf(password)).transform([](int) { });
}

Result<bool> LoginRepository::insertPassword(const NewPassword &password)
{
    return m_database.run("logins/insert_password"_L1, columnsOf(password)).transform(isAny);
}

Result<bool> LoginRepository::replaceHash(const LoginRow &read, const QByteArray &hash)
{
    return m_database
        .run("logins/replace_hash"_L1,
             {present(read.userId), QString::fromLatin1(read.passwordHash),
              QString::fromLatin1(hash)})
        .transform(isAny);
}

Result<void> LoginRepository::noteLogin(const QString &userId, WallTime at)
{
    return m_database.run("logins/update_last_login"_L1, {present(userId), timeColumn(at)})
        .transform([](int) { });
}

Result<bool> LoginRepository::setPendingSeed(const QString &userId, const QByteArray &sealed)
{
    const QVariant nothing(QMetaType::fromType<QByteArray>());
    return m_database
        .run("logins/update_pending_seed"_L1,
             {present(userId), sealed.isEmpty() ? nothing : QVariant(sealed)})
        .transform(isAny);
}

Result<bool> LoginRepository::enableMfa(const ProvenFactor &factor)
{
    return m_database
        .run("logins/enable_mfa"_L1,
             {present(factor.userId), factor.pendingSeed, timeColumn(factor.at), factor.step})
        .transform(isAny);
}

Result<bool> LoginRepository::disableMfa(const QString &userId)
{
    return m_database.run("logins/disable_mfa"_L1, {present(userId)}).transform(isAny);
}

Result<bool> LoginRepository::takeStep(const QString &userId, qint64 step)
{
    return m_database.run("logins/take_step"_L1, {present(userId), step}).transform(isAny);
}

Result<void> LoginRepository::replaceRecoveryCodes(const QString &userId,
                                                   const QByteArrayList &macs)
{
    TRY_VOID(m_database.run("recovery_codes/delete"_L1, {present(userId)}));
    for (const QByteArray &mac : macs) {
        TRY_VOID(m_database.run("recovery_codes/insert"_L1, {present(userId), mac}));
    }
    return {};
}

Result<bool> LoginRepository::takeRecoveryCode(const QString &userId, const QByteArray &mac,
                                               WallTime at)
{
    return m_database.run("recovery_codes/take"_L1, {present(userId), mac, timeColumn(at)})
        .transform(isAny);
}

Result<int> LoginRepository::recoveryCodesLeft(const QString &userId)
{
    int count = 0;
    TRY_VOID(m_database.each("recovery_codes/count_unused"_L1, {present(userId)},
                             [&count](const QSqlQuery &row) { count = row.value(0).toInt(); }));
    return count;
}

} // namespace delta::store

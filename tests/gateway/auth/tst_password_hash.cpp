#include "gateway/auth/password_hash.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;

class PasswordHashTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsItsPasswordAndNoOther();
    void saltsEveryHash();
    void matchesNothingToNonsense();
};

void PasswordHashTest::knowsItsPasswordAndNoOther()
{
    SystemRandom random;
    const auto hash = auth::hashPassword(Secret("correct horse"), random);
    QVERIFY(hash);
    QVERIFY(hash->startsWith("$argon2id$v=19$m=65536,t=3,p=1$"));
    QVERIFY(auth::isPassword(Secret("correct horse"), *hash));
    QVERIFY(!auth::isPassword(Secret("correct horsE"), *hash));
    QVERIFY(!auth::isPassword(Secret(), *hash));
}

void PasswordHashTest::saltsEveryHash()
{
    SystemRandom random;
    QVERIFY(*auth::hashPassword(Secret("x"), random) != *auth::hashPassword(Secret("x"), random));
}

void PasswordHashTest::matchesNothingToNonsense()
{
    for (const QByteArray &text : {""_ba, "x"_ba, "$argon2id$v=19$m=65536,t=3,p=1$"_ba,
                                   "$argon2id$v=19$m=65536,t=3,p=1$YQ$YQ"_ba,
                                   "$argon2id$v=19$m=8,t=1,p=1$YWFhYWFhYWFhYWFhYWFhYQ$YQ"_ba}) {
        QVERIFY(!auth::isPassword(Secret("x"), text));
    }
}

QTEST_APPLESS_MAIN(PasswordHashTest)
#include "tst_password_hash.moc"

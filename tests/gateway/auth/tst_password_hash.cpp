#include "gateway/auth/password_hash.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;

class PasswordHashTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsItsPasswordAndNoOther();
    void verifiesHashesOfAnotherCost();
    void saltsEveryHash();
    void matchesNothingToNonsense();
};

void PasswordHashTest::knowsItsPasswordAndNoOther()
{
    SystemRandom random;
    const auto hash = auth::hashPassword(Secret("correct horse"), random);
    QVERIFY(hash);
    QVERIFY(hash->startsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    QVERIFY(auth::isPassword(Secret("correct horse"), *hash));
    QVERIFY(!auth::isPassword(Secret("correct horsE"), *hash));
    QVERIFY(!auth::isPassword(Secret(), *hash));
}

// Made by the argon2 reference program: argon2 "somesaltsomesalt" -id -t 3 -k 65536 -p 1
// -l 32 -e.
void PasswordHashTest::verifiesHashesOfAnotherCost()
{
    const QByteArray hash = "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$"
                            "dmStS6GjyZn83QmR/8InD3gwLSODIz215778hdG7GBk"_ba;
    QVERIFY(auth::isPassword(Secret("password"), hash));
    QVERIFY(!auth::isPassword(Secret("passwort"), hash));
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
                                   "$argon2id$v=19$m=4294967295,t=3,p=1$YWFhYWFhYWFhYWFhYWFhYQ$"
                                   "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE"_ba,
                                   "$argon2id$v=19$m=0,t=0,p=0$YWFhYWFhYWFhYWFhYWFhYQ$"
                                   "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE"_ba,
                                   "$argon2id$v=19$m=8,t=1,p=1$YWFhYWFhYWFhYWFhYWFhYQ$YQ"_ba}) {
        QVERIFY(!auth::isPassword(Secret("x"), text));
    }
}

QTEST_APPLESS_MAIN(PasswordHashTest)
#include "tst_password_hash.moc"
